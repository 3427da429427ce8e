namespace KubeLessons.Simulator.Api.Schema;

/// <summary>
/// The text of <c>fields.tsv</c> and where each type's lines begin and end in it: the types are read one by one, when they are
/// asked for, since a cluster uses a few dozen of the nine hundred.
/// </summary>
internal sealed class SchemaText
{
    private static readonly Lazy<SchemaText> Only = new(() => new SchemaText(DataFile.Text("fields.tsv")));

    private readonly string _text;
    private readonly Dictionary<string, (int From, int To)> _places = new(StringComparer.Ordinal);

    private SchemaText(string text)
    {
        _text = text;
        var (type, from) = ("", 0);
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end;
            var line = text.AsSpan(at, end - at);
            var package = line.IndexOf('\t');
            var name = package + 1 + line[(package + 1)..].IndexOf('\t');
            if (!IsSame(line, package, name, type))
            {
                Close(type, from, at);
                (type, from) = ($"{line[..package]}.{line[(package + 1)..name]}", at);
            }

            at = end + 1;
        }

        Close(type, from, text.Length);
    }

    public static SchemaText Instance => Only.Value;

    public bool Has(string type) => _places.ContainsKey(type);

    /// <summary>The rows of a type, split at their tabs: package, message, field, number, type.</summary>
    public IEnumerable<string[]> RowsOf(string type)
    {
        if (!_places.TryGetValue(type, out var place))
        {
            yield break;
        }

        foreach (var line in _text[place.From..place.To].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            yield return line.Split('\t');
        }
    }

    private static bool IsSame(ReadOnlySpan<char> line, int package, int name, string type) =>
        type.Length == name && line[..package].SequenceEqual(type.AsSpan(0, package)) && type[package] == '.'
        && line[(package + 1)..name].SequenceEqual(type.AsSpan(package + 1));

    private void Close(string type, int from, int to)
    {
        if (type.Length > 0)
        {
            _places[type] = (from, to);
        }
    }
}
