using System.Text;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.Filtering;
using KubeLessons.Simulator.Network.Tools;

namespace KubeLessons.Simulator.Tests.Network;

/// <summary>Runs the command lines that were recorded with the real iptables and ip (Recorded/record), and compares every byte.</summary>
public class TranscriptTests
{
    private static readonly DateTimeOffset Date = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static TheoryData<string> Transcripts => [.. Directory.GetFiles(Folder, "*.txt").Select(file => Path.GetFileName(file)!).Order()];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Network", "Recorded");

    [Theory, MemberData(nameof(Transcripts))]
    public void Every_recorded_command_prints_what_the_real_one_printed(string transcript)
    {
        var random = new Random(1);
        var host = new Fabric(random.NextDouble).AddNamespace("host");
        // A new network namespace has its loopback down.
        host.SetLink(host.Loopback, false);
        host.Loopback.WasUp = false;
        var recorded = File.ReadAllText(Path.Combine(Folder, transcript));
        var lines = recorded.Split('\n');
        var replayed = new StringBuilder();
        for (var index = 0; index < lines.Length; index++)
        {
            var line = lines[index];
            if (line.StartsWith("# ", StringComparison.Ordinal) && index == 0)
                replayed.Append(line).Append('\n');
            if (!line.StartsWith("$ ", StringComparison.Ordinal))
                continue;
            replayed.Append(line).Append('\n');
            var input = new StringBuilder();
            if (line.EndsWith(" <<.", StringComparison.Ordinal))
            {
                while (lines[++index] != ".")
                    input.Append(lines[index]).Append('\n');
                replayed.Append(input).Append(".\n");
                line = line[..^4];
            }
            var output = Run(host, Words(line[2..]), input.ToString());
            replayed.Append(output.Output.Replace(" on Fri Jan  2 03:04:05 2026", " on DATE"));
            foreach (var error in output.Error.Split('\n').SkipLast(1))
                replayed.Append("E| ").Append(error).Append('\n');
            if (output.ExitCode != 0)
                replayed.Append($"rc={output.ExitCode}\n");
        }
        var actual = replayed.ToString().Split('\n');
        var different = Enumerable.Range(0, Math.Max(actual.Length, lines.Length)).FirstOrDefault(number => actual.ElementAtOrDefault(number) != lines.ElementAtOrDefault(number), -1);
        different.ShouldBe(-1, $"line {different + 1}: '{actual.ElementAtOrDefault(different)}' instead of '{lines.ElementAtOrDefault(different)}'");
    }

    private static CommandOutput Run(NetworkNamespace host, List<string> words, string input) => words[0] switch
    {
        "iptables" => IptablesCommand.Run(host, words[1..]),
        "iptables-save" => IptablesSaveCommand.Run(host, words[1..], Date),
        "iptables-restore" => IptablesRestoreCommand.Run(host, words[1..], input),
        "ip" => IpCommand.Run(host, words[1..], TimeSpan.Zero),
        _ => throw new InvalidOperationException(words[0]),
    };

    // Quotes and backslashes as the shell that made the recording reads them.
    private static List<string> Words(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var begun = false;
        for (var index = 0; index < line.Length; index++)
        {
            var letter = line[index];
            if (letter is '\'' or '"')
            {
                begun = true;
                for (index++; line[index] != letter; index++)
                {
                    if (letter == '"' && line[index] == '\\' && line[index + 1] is '"' or '\\')
                        index++;
                    word.Append(line[index]);
                }
            }
            else if (letter == ' ')
            {
                if (begun)
                    words.Add(word.ToString());
                word.Clear();
                begun = false;
            }
            else
            {
                word.Append(letter);
                begun = true;
            }
        }
        if (begun)
            words.Add(word.ToString());
        return words;
    }
}
