using System.Globalization;
using System.Text;

namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>The program `iptables-restore`: each table is taken whole at its COMMIT, or not at all.</summary>
public static class IptablesRestoreCommand
{
    private const string Program = "iptables-restore";

    /// <summary>Runs it with the words after its name and the text of its standard input.</summary>
    public static CommandOutput Run(NetworkNamespace host, IReadOnlyList<string> arguments, string input)
    {
        var restore = new Restore(host);
        for (var index = 0; index < arguments.Count; index++)
        {
            switch (arguments[index])
            {
                case "-n" or "--noflush":
                    restore.NoFlush = true;
                    break;
                case "-c" or "--counters":
                    restore.Counters = true;
                    break;
                case "-t" or "--test":
                    restore.Test = true;
                    break;
                case "-v" or "--verbose":
                    break;
                case "-w" or "--wait" or "-W" or "--wait-interval":
                    if (index + 1 < arguments.Count && !arguments[index + 1].StartsWith('-'))
                        index++;
                    break;
                case "-T" or "--table" when index + 1 < arguments.Count:
                    restore.Only = arguments[++index];
                    break;
                case "-V" or "--version":
                    return CommandOutput.Print($"{Program} {IptablesFailure.Version}\n");
                case ['-', 'w' or 'W', ..] or ['-', '-', 'w', 'a', 'i', 't', ..]:
                    break;
                case var option:
                    return new(1, "", $"{Program}: unrecognized option '{option}'\nTry `{Program} -h' for more information.\n");
            }
        }
        return restore.Run(input);
    }

    private sealed class Restore(NetworkNamespace host)
    {
        private FilterTable? table;
        private bool skipping;
        private int line;

        public bool NoFlush { get; set; }

        public bool Counters { get; set; }

        public bool Test { get; set; }

        public string? Only { get; set; }

        public CommandOutput Run(string input)
        {
            foreach (var text in input.Split('\n'))
            {
                line++;
                if (text.Length == 0 || text[0] == '#')
                    continue;
                if (Read(text.TrimEnd('\r')) is { } failure)
                    return failure;
            }
            return table is null && !skipping ? CommandOutput.Nothing : new(1, "", $"{Program}: COMMIT expected at line {line}\n");
        }

        private CommandOutput? Read(string text)
        {
            if (table is null && !skipping)
                return text[0] == '*' ? Begin(text[1..].Trim()) : Fail();
            if (text.StartsWith("COMMIT", StringComparison.Ordinal))
                return Commit();
            if (skipping)
                return null;
            return text[0] == ':' ? Declare(text[1..].Split(' ', StringSplitOptions.RemoveEmptyEntries)) : Edit(text);
        }

        private CommandOutput? Begin(string name)
        {
            if (Only is not null && name != Only)
            {
                skipping = true;
                return null;
            }
            if (host.Netfilter.Use(name) is not { } present)
                return IptablesFailure.Usage($"{Program}: unable to initialize table '{name}'").Print(Program, line);
            table = present.Copy();
            if (NoFlush)
                return null;
            foreach (var chain in table.Chains.ToList())
            {
                chain.Rules.Clear();
                if (chain.Hook is null)
                    table.Remove(chain);
            }
            return null;
        }

        private CommandOutput? Declare(string[] words)
        {
            if (words.Length == 0)
                return IptablesFailure.Usage($"{Program}: line {line} chain name invalid").Print(Program, line);
            if (words.Length == 1)
                return IptablesFailure.Usage($"{Program}: line {line} policy invalid").Print(Program, line);
            var chain = table!.Find(words[0]);
            if (chain is { Hook: not null })
            {
                if (words[1] == "-")
                    return null;
                if (words[1] is not ("ACCEPT" or "DROP"))
                    return new(1, "", $"{Program} {IptablesFailure.Version}: Can't set policy `{words[1]}' on `{words[0]}' line {line}: Bad policy name\n");
                chain.Policy = words[1] == "DROP" ? Verdict.Drop : Verdict.Accept;
            }
            else if (chain is null)
            {
                chain = table.Add(words[0])!;
            }
            else
            {
                // To name a chain that exists is to empty it: this is how kube-proxy rewrites its chains.
                chain.Rules.Clear();
            }
            if (Counters && words.Length > 2 && ReadCounters(words[2]) is { } counters)
                chain.Counters = counters;
            return null;
        }

        private CommandOutput? Edit(string text)
        {
            Counters? counters = null;
            if (text[0] == '[' && text.IndexOf(']') is var end and > 0)
            {
                counters = ReadCounters(text[..(end + 1)]);
                text = text[(end + 1)..];
            }
            if (RequestParser.Read(Words(text), true, out var request) is { } wrong)
                return wrong.Print(Program, line);
            if (Counters && counters is not null)
                request = request with { Counters = (counters.Packets, counters.Bytes) };
            var failure = TableEditor.Apply(table!, request, out _);
            return failure?.Print(Program, line);
        }

        private CommandOutput? Commit()
        {
            skipping = false;
            if (table is not { } finished)
                return null;
            table = null;
            if (TableCheck.Run(finished) is not null)
                return Fail();
            if (!Test)
                host.Netfilter.Install(finished);
            return null;
        }

        private CommandOutput Fail() => new(1, "", $"{Program}: line {line} failed\n");

        private static Counters? ReadCounters(string text)
        {
            var parts = text.Trim('[', ']').Split(':');
            return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var packets) &&
                long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? new(packets, bytes) : null;
        }

        /// <summary>Words between blanks; double quotes hold words together, and a backslash inside them takes the next letter as it is.</summary>
        private static List<string> Words(string text)
        {
            var words = new List<string>();
            var word = new StringBuilder();
            var (quoted, begun) = (false, false);
            for (var index = 0; index < text.Length; index++)
            {
                var letter = text[index];
                if (quoted && letter == '\\' && index + 1 < text.Length)
                {
                    word.Append(text[++index]);
                }
                else if (letter == '"')
                {
                    quoted = !quoted;
                    begun = true;
                }
                else if (!quoted && letter is ' ' or '\t')
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
}
