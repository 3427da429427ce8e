using System.Collections.Immutable;

namespace KubeLessons.Simulator.Tests.Kubectl;

/// <summary>
/// Command lines and what kubectl 1.33 printed for them, recorded against a server that held the objects of objects.yaml. Lines that
/// begin with <c># differs:</c> before a command say why the embedded kubectl prints something else.
/// </summary>
internal sealed record TranscriptCase(string Command, int ExitCode, string Output, string Error);

internal static class Transcript
{
    public static string Read(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Kubectl", "Fixtures", file));

    public static ImmutableArray<TranscriptCase> Cases(string file)
    {
        var cases = ImmutableArray.CreateBuilder<TranscriptCase>();
        foreach (var part in Read(file).Split("--- end\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var head = part.IndexOf("\nexit: ", StringComparison.Ordinal);
            var output = part.IndexOf("\n--- stdout\n", StringComparison.Ordinal);
            var error = part.LastIndexOf("--- stderr\n", StringComparison.Ordinal);
            cases.Add(new TranscriptCase(
                part["$ kubectl ".Length..head],
                int.Parse(part[(head + "\nexit: ".Length)..output]),
                part[(output + "\n--- stdout\n".Length)..error],
                part[(error + "--- stderr\n".Length)..]));
        }

        return cases.ToImmutable();
    }

    /// <summary>Fails with the first lines that differ.</summary>
    public static void ShouldMatch(this Printed printed, TranscriptCase expected) => Difference(printed, expected).ShouldBe("");

    /// <summary>The first lines that differ; "" when all is as recorded.</summary>
    public static string Difference(Printed printed, TranscriptCase expected)
    {
        var difference = Differences("stderr", expected.Error, printed.Error) + Differences("stdout", expected.Output, printed.Output);
        return difference.Length > 0 || printed.ExitCode == expected.ExitCode ? difference : $"exit code {printed.ExitCode}, expected {expected.ExitCode}\n";
    }

    public static TheoryData<string> Commands(string file) => [.. Cases(file).Select(each => each.Command)];

    private static string Differences(string stream, string expected, string actual)
    {
        var (wanted, got) = (expected.Split('\n'), actual.Split('\n'));
        var at = 0;
        while (at < wanted.Length && at < got.Length && wanted[at] == got[at])
        {
            at++;
        }

        return at == wanted.Length && at == got.Length
            ? ""
            : $"{stream} differs from line {at + 1}\n{Lines("expected", wanted)}{Lines("actual", got)}";

        string Lines(string title, string[] lines) => $"{title}:\n" + string.Concat(lines.Skip(Math.Max(0, at - 1)).Take(6).Select(line => $"  |{line}|\n"));
    }
}
