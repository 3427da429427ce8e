using System.Collections.Immutable;
using System.Text;

namespace KubeLessons.Lessons;

/// <summary>The values that <c>let</c> blocks have named so far. Immutable: naming one more gives a new set.</summary>
public sealed class Variables
{
    private Variables(ImmutableSortedDictionary<string, string> values) => Values = values;

    /// <summary>No variable at all.</summary>
    public static Variables None { get; } = new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    /// <summary>The values by name, in the names' ordinal order.</summary>
    public ImmutableSortedDictionary<string, string> Values { get; }

    /// <summary>These variables and one more; a name that was there gets the new value.</summary>
    public Variables With(string name, string value) => new(Values.SetItem(name, value));

    /// <summary>
    /// Replaces <c>$name</c> and <c>${name}</c>, and <c>$$</c> by one dollar sign. A name without a value stays as written and is listed in
    /// <see cref="Substitution.Unknown"/>; a dollar sign before anything else stays.
    /// </summary>
    public Substitution Substitute(string text)
    {
        if (!text.Contains('$')) return new Substitution(text, []);
        var result = new StringBuilder(text.Length);
        var unknown = ImmutableArray.CreateBuilder<string>();
        var end = 0;
        foreach (var reference in VariableReference.In(text))
        {
            result.Append(text, end, reference.Start - end);
            end = reference.Start + reference.Length;
            if (reference.IsDollar)
                result.Append('$');
            else if (Values.TryGetValue(reference.Name, out var value))
                result.Append(value);
            else
            {
                result.Append(text, reference.Start, reference.Length);
                unknown.Add(reference.Name);
            }
        }

        return new Substitution(result.Append(text, end, text.Length - end).ToString(), unknown.DrainToImmutable());
    }
}

/// <summary>A text whose variables were replaced.</summary>
/// <param name="Text">The text.</param>
/// <param name="Unknown">The names that had no value.</param>
public sealed record Substitution(string Text, ImmutableArray<string> Unknown)
{
    /// <summary>Whether every name had a value.</summary>
    public bool IsComplete => Unknown.IsEmpty;
}

/// <summary>A use of a variable in a text.</summary>
/// <param name="Name">The name; empty for <c>$$</c>.</param>
/// <param name="Start">Where the dollar sign stands, from 0.</param>
/// <param name="Length">How many characters are replaced.</param>
public sealed record VariableReference(string Name, int Start, int Length)
{
    /// <summary>Whether this is <c>$$</c>, which stands for a dollar sign.</summary>
    public bool IsDollar => Name.Length == 0;

    /// <summary>All uses in a text, in order.</summary>
    public static ImmutableArray<VariableReference> In(string text)
    {
        var found = ImmutableArray.CreateBuilder<VariableReference>();
        for (var i = text.IndexOf('$', StringComparison.Ordinal); i >= 0 && i + 1 < text.Length; i = text.IndexOf('$', i))
        {
            var reference = At(text, i);
            if (reference is not null) found.Add(reference);
            i += reference?.Length ?? 1;
            if (i >= text.Length) break;
        }

        return found.DrainToImmutable();
    }

    /// <summary>Whether a text can name a variable: letters, digits and underscores, not starting with a digit.</summary>
    public static bool IsName(ReadOnlySpan<char> text) => !text.IsEmpty && NameLength(text) == text.Length;

    private static VariableReference? At(string text, int start)
    {
        var rest = text.AsSpan(start + 1);
        if (rest.StartsWith("$")) return new VariableReference(string.Empty, start, 2);
        if (!rest.StartsWith("{"))
        {
            var length = NameLength(rest);
            return length == 0 ? null : new VariableReference(rest[..length].ToString(), start, length + 1);
        }

        var close = rest.IndexOf('}');
        return close > 1 && IsName(rest[1..close]) ? new VariableReference(rest[1..close].ToString(), start, close + 2) : null;
    }

    private static int NameLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && (char.IsAsciiLetter(text[length]) || text[length] == '_' || (length > 0 && char.IsAsciiDigit(text[length]))))
            length++;
        return length;
    }
}
