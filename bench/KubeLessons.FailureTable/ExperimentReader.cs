using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace KubeLessons.FailureTable;

/// <summary>
/// Reads experiments: a line is an action (<c>prepare</c>, <c>do</c>, <c>start</c>, <c>break</c>, <c>repair</c>, each with
/// <c>HOST: COMMAND</c>), <c>power off|on HOST</c>, <c>wait SECONDS</c>, or an observation (<c>see WHAT</c>, <c>until SECONDS WHAT</c>),
/// whose details are the indented lines below it. <c>@kit</c> or <c>@simulator</c> behind the verb keeps a step to one lab.
/// </summary>
internal static partial class ExperimentReader
{
    /// <exception cref="FormatException">A line is none of these.</exception>
    public static ImmutableArray<Experiment> Read(string text)
    {
        var experiments = ImmutableArray.CreateBuilder<Experiment>();
        var lines = text.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0 && line[0] != '#').ToList();
        for (var index = 0; index < lines.Count;)
        {
            var end = lines.FindIndex(index + 1, line => line.StartsWith("experiment ", StringComparison.Ordinal));
            end = end < 0 ? lines.Count : end;
            experiments.Add(ReadOne(lines[index..end]));
            index = end;
        }

        return experiments.ToImmutable();
    }

    private static Experiment ReadOne(List<string> lines)
    {
        var experiment = new Experiment(After(lines[0], "experiment "), After(lines[1], "component "), After(lines[2], "stopped "), []);
        var steps = ImmutableArray.CreateBuilder<ExperimentStep>();
        for (var index = 3; index < lines.Count;)
        {
            var end = index + 1;
            while (end < lines.Count && lines[end][0] == ' ')
            {
                end++;
            }

            steps.Add(ReadStep(lines[index], [.. lines[(index + 1)..end].Select(line => line.Trim())]));
            index = end;
        }

        return experiment with { Steps = steps.ToImmutable() };
    }

    private static ExperimentStep ReadStep(string line, ImmutableArray<string> details)
    {
        var words = line.Split(' ', 2);
        var verb = words[0].Split('@');
        var side = verb.Length == 1 ? Side.Both : Enum.Parse<Side>(verb[1], ignoreCase: true);
        var rest = words.Length > 1 ? words[1] : "";
        switch (verb[0])
        {
            case "prepare" or "do" or "start" or "break" or "repair":
                var (host, command) = Target(rest);
                return new CommandStep(side, host, command, verb[0] is "break" or "repair" or "start", verb[0] != "start");
            case "power":
                return new PowerStep(side, rest[(rest.IndexOf(' ', StringComparison.Ordinal) + 1)..], rest.StartsWith("on ", StringComparison.Ordinal));
            case "wait":
                return new PauseStep(side, TimeSpan.FromSeconds(Number(rest)));
            case "see":
                return ReadObservation(new Observation(side, rest, "", "", null, default, null, null, null, null), details);
            case "until":
                var parts = rest.Split(' ', 2);
                return ReadObservation(new Observation(side, parts[1], "", "", "", TimeSpan.FromSeconds(Number(parts[0])), null, null, null, null), details);
            default:
                throw new FormatException($"no step: {line}");
        }
    }

    private static Observation ReadObservation(Observation observation, ImmutableArray<string> details)
    {
        foreach (var detail in details)
        {
            var words = detail.Split(' ', 2);
            observation = words[0] switch
            {
                "shows" => observation with { Shows = words[1] },
                "span" => observation with { Span = ReadSpan(words[1]) },
                "because" => observation with { Because = words[1] },
                "reference" => observation with { Reference = words[1] },
                "like" => observation with { ReferencePattern = words[1] },
                _ => observation with { Host = Target(detail).Host, Command = Target(detail).Command },
            };
        }

        return observation.Command.Length > 0 ? observation : throw new FormatException($"'{observation.What}' has no command");
    }

    private static (double From, double To) ReadSpan(string text)
    {
        var ends = text.Split("..");
        return (Number(ends[0]), Number(ends[1]));
    }

    private static (string Host, string Command) Target(string text)
    {
        var match = TargetShape().Match(text);
        return match.Success ? (match.Groups[1].Value, match.Groups[2].Value) : throw new FormatException($"no 'HOST: COMMAND': {text}");
    }

    private static string After(string line, string word) =>
        line.StartsWith(word, StringComparison.Ordinal) ? line[word.Length..] : throw new FormatException($"'{word}' is missing: {line}");

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^([a-z0-9-]+): (.+)$")]
    private static partial Regex TargetShape();
}
