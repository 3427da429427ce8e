using System.Collections.Immutable;

namespace KubeLessons.Lessons.Parsing.Forms;

/// <summary>
/// One way to write something, and what it means. The usage line is at once what is matched and what an author is told:
/// <c>unit NODE/UNIT active|inactive|failed</c>.
/// </summary>
internal sealed class Form<T>(string usage, Func<FormMatch, T?> build)
    where T : class
{
    /// <summary>The usage line.</summary>
    public string Usage => usage;

    /// <summary>The usage line in parts.</summary>
    public ImmutableArray<FormElement> Elements { get; } = FormElement.ReadAll(usage);

    /// <summary>The word that a line of this form starts with (<c>exit</c> of <c>exit=CODE</c>), or null where it starts with a choice of objects.</summary>
    public string? Head => HeadOf(usage) is { Length: > 0 } head ? head : null;

    /// <summary>The small letters that a line starts with: what tells the forms apart.</summary>
    public static string HeadOf(string line)
    {
        var length = line.AsSpan().IndexOfAnyExceptInRange('a', 'z');
        return length < 0 ? line : line[..length];
    }

    /// <summary>Makes the value of a matching line; null when a part of it is wrong, which is then reported.</summary>
    public T? Build(FormMatch match) => build(match);
}
