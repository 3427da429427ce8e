using System.Collections.Immutable;

namespace KubeLessons.Simulator.Shell.Expansion;

/// <summary>
/// A shell pattern (<c>*</c>, <c>?</c>, <c>[a-z]</c>; a backslash takes a character's meaning away). Matching follows all
/// possibilities at once, so its time is bounded by text × pattern, whatever the pattern is.
/// </summary>
internal sealed class GlobPattern
{
    /// <summary>Texts and patterns whose lengths multiply to more than this do not match: see the class.</summary>
    public const long MaxWork = 64_000_000;

    private readonly ImmutableArray<Atom> _atoms;

    private GlobPattern(ImmutableArray<Atom> atoms) => _atoms = atoms;

    /// <summary>True when nothing in the pattern is special: it matches one text.</summary>
    public bool IsLiteral => _atoms.All(atom => atom.Kind == AtomKind.Literal);

    /// <summary>True when a part of it may match any length.</summary>
    public bool HasStar => _atoms.Any(atom => atom.Kind == AtomKind.Star);

    public static GlobPattern Parse(string pattern, bool ignoresCase = false)
    {
        var atoms = ImmutableArray.CreateBuilder<Atom>();
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                atoms.Add(new Atom(AtomKind.Literal, pattern[++i], null));
            }
            else if (c == '*')
            {
                if (atoms.Count == 0 || atoms[^1].Kind != AtomKind.Star)
                {
                    atoms.Add(new Atom(AtomKind.Star, c, null));
                }
            }
            else if (c == '?')
            {
                atoms.Add(new Atom(AtomKind.Any, c, null));
            }
            else if (c == '[' && BracketSet.Parse(pattern, i) is { } set)
            {
                atoms.Add(new Atom(AtomKind.Set, c, set));
                i = set.End;
            }
            else
            {
                atoms.Add(new Atom(AtomKind.Literal, c, null));
            }
        }

        if (ignoresCase)
        {
            for (var i = 0; i < atoms.Count; i++)
            {
                atoms[i] = atoms[i] with { IgnoresCase = true };
            }
        }

        return new GlobPattern(atoms.ToImmutable());
    }

    /// <summary>The text with everything that is special in a pattern escaped.</summary>
    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny("*?[]\\!^-") < 0)
        {
            return text;
        }

        var escaped = new System.Text.StringBuilder();
        foreach (var c in text)
        {
            if ("*?[]\\!^-".Contains(c))
            {
                escaped.Append('\\');
            }

            escaped.Append(c);
        }

        return escaped.ToString();
    }

    /// <summary>Whether an unquoted text has the look of a pattern.</summary>
    public static bool HasSpecial(string pattern)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
            {
                i++;
            }
            else if (pattern[i] is '*' or '?' || (pattern[i] == '[' && pattern.IndexOf(']', i + 1) > 0))
            {
                return true;
            }
        }

        return false;
    }

    public bool IsMatch(ReadOnlySpan<char> text) => Match(text, longest: true, mustReachEnd: true) == text.Length;

    /// <summary>The length of the shortest or longest beginning of the text that matches; -1: none does.</summary>
    public int MatchPrefix(ReadOnlySpan<char> text, bool longest) => Match(text, longest, mustReachEnd: false);

    /// <summary>The length of the shortest or longest end of the text that matches; -1: none does.</summary>
    public int MatchSuffix(ReadOnlySpan<char> text, bool longest)
    {
        var reversed = text.ToString().ToCharArray();
        Array.Reverse(reversed);
        return new GlobPattern([.. _atoms.Reverse()]).Match(reversed, longest, mustReachEnd: false);
    }

    // active[i]: the text so far may have been matched by the atoms before i.
    private int Match(ReadOnlySpan<char> text, bool longest, bool mustReachEnd)
    {
        if ((long)text.Length * _atoms.Length > MaxWork)
        {
            return -1;
        }

        var active = new bool[_atoms.Length + 1];
        var next = new bool[_atoms.Length + 1];
        active[0] = true;
        FollowStars(active);
        var found = active[^1] && (!mustReachEnd || text.IsEmpty) ? 0 : -1;
        for (var position = 0; position < text.Length; position++)
        {
            if ((found >= 0 && !longest) || !Step(active, next, text[position]))
            {
                return found;
            }

            (active, next) = (next, active);
            if (active[^1] && (!mustReachEnd || position + 1 == text.Length))
            {
                found = position + 1;
            }
        }

        return found;
    }

    private bool Step(bool[] active, bool[] next, char c)
    {
        Array.Clear(next);
        var any = false;
        for (var i = 0; i < _atoms.Length; i++)
        {
            if (!active[i])
            {
                continue;
            }

            if (_atoms[i].Kind == AtomKind.Star)
            {
                next[i] = any = true;
            }
            else if (_atoms[i].Accepts(c))
            {
                next[i + 1] = any = true;
            }
        }

        FollowStars(next);
        return any;
    }

    // A star may match nothing.
    private void FollowStars(bool[] states)
    {
        for (var i = 0; i < _atoms.Length; i++)
        {
            if (states[i] && _atoms[i].Kind == AtomKind.Star)
            {
                states[i + 1] = true;
            }
        }
    }

    private enum AtomKind
    {
        Literal,
        Any,
        Star,
        Set,
    }

    private readonly record struct Atom(AtomKind Kind, char Char, BracketSet? Set)
    {
        public bool IgnoresCase { get; init; }

        public bool Accepts(char c) => Kind switch
        {
            AtomKind.Literal => c == Char || (IgnoresCase && char.ToLowerInvariant(c) == char.ToLowerInvariant(Char)),
            AtomKind.Any => true,
            AtomKind.Set => Set!.Contains(c)
                || (IgnoresCase && (Set.Contains(char.ToLowerInvariant(c)) || Set.Contains(char.ToUpperInvariant(c)))),
            _ => false,
        };
    }
}
