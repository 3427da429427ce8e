using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace KubeLessons.Simulator.Documents;

/// <summary>
/// The names of the fields that Kubernetes' objects are made of (<c>names.txt</c>): a document that is parsed shares these strings
/// with all others and with the program's own literals, which keeps it small and makes looking up a field a comparison of references.
/// </summary>
internal static class DocNames
{
    private const int MaxLength = 64;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Known =
        Load().GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The name of the property that the reader stands at.</summary>
    public static string Read(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped || reader.HasValueSequence || reader.ValueSpan.Length > MaxLength)
        {
            return reader.GetString()!;
        }

        Span<char> letters = stackalloc char[MaxLength];
        return Ascii.ToUtf16(reader.ValueSpan, letters, out var length) == System.Buffers.OperationStatus.Done
            && Known.TryGetValue(letters[..length], out var name)
                ? name
                : reader.GetString()!;
    }

    private static FrozenSet<string> Load()
    {
        using var stream = typeof(DocNames).Assembly.GetManifestResourceStream("names.txt")
            ?? throw new InvalidOperationException("The data file names.txt is not embedded.");
        using var reader = new StreamReader(stream);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } name)
        {
            names.Add(string.Intern(name));
        }

        return names.ToFrozenSet(StringComparer.Ordinal);
    }
}
