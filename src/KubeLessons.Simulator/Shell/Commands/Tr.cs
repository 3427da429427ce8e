using System.Text;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Expansion;
using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary><c>tr</c>: translates, deletes or squeezes characters.</summary>
internal static class Tr
{
    private const int MaxSet = 70_000;

    public static IEnumerable<Wait> Main(Process self)
    {
        var command = new CommandContext(self);
        if (command.Parse("cCdst", 1, true,
            new("complement", 'c'), new("delete", 'd'), new("squeeze-repeats", 's'), new("truncate-set1", 't')) is not { } options)
        {
            yield break;
        }

        var (deletes, squeezes) = (options.Has('d'), options.Has('s'));
        if (options.Operands.Count == 0)
        {
            command.Usage("missing operand");
            yield break;
        }

        if (options.Operands.Count < 2 && deletes == squeezes)
        {
            command.Usage($"missing operand after ‘{options.Operands[0]}’\nTwo strings must be given when translating.");
            yield break;
        }

        var second = options.Operands.Count > 1 ? options.Operands[1] : "";
        if (Set(options.Operands[0], 0) is not { } from || Set(second, from.Length) is not { } to)
        {
            command.Die($"range-endpoints of '{options.Operands[0]}' are in reverse collating sequence order");
            yield break;
        }

        if (!deletes && options.Operands.Count == 2 && to.Length == 0)
        {
            command.Die("when not truncating set1, string2 must be non-empty");
            yield break;
        }

        var complement = options.Has('c') || options.Has('C');
        var map = new Translation(from, to, complement, deletes, squeezes, options.Operands.Count > 1);
        while (!self.Input.IsAtEnd)
        {
            if (!self.Input.HasText)
            {
                yield return Wait.On(self.Input.Changed);
                continue;
            }

            command.Write(map.Apply(self.Input.Read()));
            if (!command.CanWrite)
            {
                yield return Wait.Call(command.Room());
            }
        }

        command.Exit();
    }

    private sealed class Translation(string from, string to, bool complement, bool deletes, bool squeezes, bool hasSecond)
    {
        private readonly Dictionary<char, int> _places = Places(from);
        private readonly HashSet<char> _second = [.. to];
        private char _last = '\uFFFF';

        public string Apply(string text)
        {
            var result = new StringBuilder(text.Length);
            foreach (var c in text)
            {
                var isIn = _places.ContainsKey(c) != complement;
                if (isIn && deletes)
                {
                    continue;
                }

                var translated = isIn && hasSecond && !deletes ? to[complement ? ^1 : Math.Min(_places[c], to.Length - 1)] : c;
                var squeezable = squeezes && (hasSecond ? _second.Contains(translated) : isIn);
                if (!(squeezable && translated == _last))
                {
                    result.Append(translated);
                }

                _last = translated;
            }

            return result.ToString();
        }

        // A character that is given twice goes to its last place, as GNU's does.
        private static Dictionary<char, int> Places(string set)
        {
            var places = new Dictionary<char, int>();
            for (var i = 0; i < set.Length; i++)
            {
                places[set[i]] = i;
            }

            return places;
        }
    }

    // The characters of a set: escapes, ranges, classes, [x*n]; null for a range that runs backwards.
    private static string? Set(string text, int otherLength)
    {
        var set = new StringBuilder();
        var decoded = Escapes.Decode(text, EscapeStyle.PrintfFormat);
        for (var i = 0; i < decoded.Length && set.Length < MaxSet; i++)
        {
            if (decoded[i] == '[' && i + 1 < decoded.Length && decoded[i + 1] == ':' && decoded.IndexOf(":]", i + 2, StringComparison.Ordinal) is > 0 and var end)
            {
                var name = decoded[(i + 2)..end];
                set.Append(string.Concat(Enumerable.Range(0, 256).Select(code => (char)code).Where(c => char.IsAscii(c) && BracketSet.IsInClass(name, c))));
                i = end + 1;
            }
            else if (decoded[i] == '[' && i + 3 < decoded.Length && decoded[i + 2] == '*' && decoded.IndexOf(']', i + 3) is > 0 and var close)
            {
                var count = int.TryParse(decoded.AsSpan(i + 3, close - i - 3), out var given) ? given : otherLength - set.Length;
                set.Append(decoded[i + 1], Math.Clamp(count, 0, MaxSet));
                i = close;
            }
            else if (i + 2 < decoded.Length && decoded[i + 1] == '-')
            {
                if (decoded[i] > decoded[i + 2])
                {
                    return null;
                }

                for (int c = decoded[i]; c <= decoded[i + 2] && set.Length < MaxSet; c++)
                {
                    set.Append((char)c);
                }

                i += 2;
            }
            else
            {
                set.Append(decoded[i]);
            }
        }

        return set.ToString();
    }
}
