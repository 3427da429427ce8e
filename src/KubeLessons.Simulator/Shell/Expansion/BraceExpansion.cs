using System.Collections.Immutable;
using System.Text;
using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell.Expansion;

/// <summary><c>a{b,c}d</c> and <c>{1..5}</c>: one word becomes several, before anything else is expanded.</summary>
internal static class BraceExpansion
{
    /// <summary>A word may become this many; more stay unexpanded, as when bash has no memory for them.</summary>
    public const int MaxWords = 100_000;

    private const int MaxDepth = 40;

    public static IReadOnlyList<Word> Expand(Word word)
    {
        if (!word.Parts.Any(part => part is LiteralText literal && literal.Text.Contains('{')))
        {
            return [word];
        }

        var sequences = Expand(Atoms(word.Parts), 0);
        if (sequences is null or { Count: 1 })
        {
            return [word];
        }

        return [.. sequences.Select(atoms => word with { Parts = Parts(atoms), Assignment = null })];
    }

    // A character outside quotes, or a part that is opaque.
    private readonly record struct Atom(char Char, WordPart? Part)
    {
        public bool Is(char c) => Part is null && Char == c;
    }

    private static List<Atom> Atoms(ImmutableArray<WordPart> parts)
    {
        var atoms = new List<Atom>();
        foreach (var part in parts)
        {
            if (part is LiteralText literal)
            {
                atoms.AddRange(literal.Text.Select(c => new Atom(c, null)));
            }
            else
            {
                atoms.Add(new Atom('\0', part));
            }
        }

        return atoms;
    }

    private static ImmutableArray<WordPart> Parts(List<Atom> atoms)
    {
        var parts = ImmutableArray.CreateBuilder<WordPart>();
        var text = new StringBuilder();
        foreach (var atom in atoms)
        {
            if (atom.Part is null)
            {
                text.Append(atom.Char);
                continue;
            }

            Flush();
            parts.Add(atom.Part);
        }

        Flush();
        return parts.ToImmutable();

        void Flush()
        {
            if (text.Length > 0)
            {
                parts.Add(new LiteralText(text.ToString()));
                text.Clear();
            }
        }
    }

    // All words that the atoms stand for; null when there are too many.
    private static List<List<Atom>>? Expand(List<Atom> atoms, int depth)
    {
        for (var open = 0; depth < MaxDepth && open < atoms.Count; open++)
        {
            if (!atoms[open].Is('{') || Alternatives(atoms, open, out var close) is not { } alternatives)
            {
                continue;
            }

            var tails = Expand(atoms[(close + 1)..], depth + 1);
            var results = new List<List<Atom>>();
            foreach (var alternative in alternatives)
            {
                if (Expand(alternative, depth + 1) is not { } middles || tails is null
                    || results.Count + ((long)middles.Count * tails.Count) > MaxWords)
                {
                    return null;
                }

                results.AddRange(middles.SelectMany(_ => tails, (middle, tail) => (List<Atom>)[.. atoms[..open], .. middle, .. tail]));
            }

            return results;
        }

        return [atoms];
    }

    // What stands between the brace and its partner, split at commas, or a sequence; null when it is neither.
    private static List<List<Atom>>? Alternatives(List<Atom> atoms, int open, out int close)
    {
        var alternatives = new List<List<Atom>>();
        var depth = 0;
        var start = open + 1;
        for (close = open; close < atoms.Count; close++)
        {
            if (atoms[close].Is('{'))
            {
                depth++;
            }
            else if (atoms[close].Is(',') && depth == 1)
            {
                alternatives.Add(atoms[start..close]);
                start = close + 1;
            }
            else if (atoms[close].Is('}') && --depth == 0)
            {
                if (alternatives.Count == 0)
                {
                    return Sequence(atoms[start..close]);
                }

                alternatives.Add(atoms[start..close]);
                return alternatives;
            }
        }

        return null;
    }

    private static List<List<Atom>>? Sequence(List<Atom> atoms)
    {
        if (atoms.Any(atom => atom.Part is not null))
        {
            return null;
        }

        var parts = string.Concat(atoms.Select(atom => atom.Char)).Split("..");
        if (parts.Length is not (2 or 3))
        {
            return null;
        }

        var step = 1L;
        if (parts.Length == 3 && !long.TryParse(parts[2], out step))
        {
            return null;
        }

        if (long.TryParse(parts[0], out var from) && long.TryParse(parts[1], out var to))
        {
            var width = parts[..2].Any(part => part.TrimStart('-') is ['0', _, ..]) ? Math.Max(parts[0].Length, parts[1].Length) : 0;
            return Count(from, to, step, number => Padded(number, width));
        }

        return parts is [[var first], [var last], ..] && char.IsAsciiLetter(first) && char.IsAsciiLetter(last)
            ? Count(first, last, step, number => ((char)number).ToString())
            : null;
    }

    private static string Padded(long number, int width) =>
        number < 0 ? "-" + (-number).ToString().PadLeft(Math.Max(0, width - 1), '0') : number.ToString().PadLeft(width, '0');

    private static List<List<Atom>>? Count(long from, long to, long step, Func<long, string> text)
    {
        // Half the range of a long, so that the distance does not overflow.
        if (Math.Abs(from / 2) > long.MaxValue / 4 || Math.Abs(to / 2) > long.MaxValue / 4 || step == long.MinValue)
        {
            return null;
        }

        step = step == 0 ? 1 : Math.Abs(step);
        if (Math.Abs(to - from) / step >= MaxWords)
        {
            return null;
        }

        var words = new List<List<Atom>>();
        for (long i = 0, count = (Math.Abs(to - from) / step) + 1; i < count; i++)
        {
            var number = from <= to ? from + (i * step) : from - (i * step);
            words.Add([.. text(number).Select(c => new Atom(c, null))]);
        }

        return words;
    }
}
