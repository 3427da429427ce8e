using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Paths;

namespace KubeLessons.Simulator.Kubectl.Printing;

/// <summary><c>-o custom-columns=NAME:.metadata.name,…</c>: a table of what paths find.</summary>
internal sealed class CustomColumns : ObjectPrinter
{
    private readonly ImmutableArray<(string Header, JsonPath Path)> _columns;
    private readonly TabWriter _writer = TabWriter.ForTable();
    private bool _printsHeader;

    private CustomColumns(ImmutableArray<(string Header, JsonPath Path)> columns, bool header) => (_columns, _printsHeader) = (columns, header);

    /// <summary>Reads the specification after <c>custom-columns=</c>.</summary>
    public static (CustomColumns? Printer, string? Error) Parse(string spec, bool header)
    {
        if (spec.Length == 0)
        {
            return (null, "custom-columns format specified but no custom columns given");
        }

        return Make([.. spec.Split(',').Select(part => (part.IndexOf(':', StringComparison.Ordinal), part)).Select(part =>
            part.Item1 < 0 ? (part.part, "") : (part.part[..part.Item1], part.part[(part.Item1 + 1)..]))], header, spec);
    }

    /// <summary>Reads a template file: a line of headers and a line of paths.</summary>
    public static (CustomColumns? Printer, string? Error) ParseTemplate(string template, bool header)
    {
        var lines = template.Split('\n');
        if (lines.Length < 2)
        {
            return (null, "invalid template: expected a line of headers and a line of paths");
        }

        var headers = lines[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var paths = lines[1].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return headers.Length == paths.Length
            ? Make([.. headers.Zip(paths)], header, template)
            : (null, $"number of headers ({headers.Length}) and field specifications ({paths.Length}) don't match");
    }

    public override bool TryPrint(Doc value, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error)
    {
        (text, error) = ("", null);
        if (_printsHeader)
        {
            _printsHeader = false;
            _writer.WriteLine(string.Join('\t', _columns.Select(column => column.Header)));
        }

        foreach (var item in value.At("items") is DocArray items ? items.Items : [value])
        {
            _writer.WriteLine(string.Join('\t', _columns.Select(column => Cell(column.Path, item))));
        }

        text = _writer.Flush();
        return true;
    }

    private static (CustomColumns? Printer, string? Error) Make(ImmutableArray<(string Header, string Path)> specs, bool header, string whole)
    {
        var columns = ImmutableArray.CreateBuilder<(string, JsonPath)>();
        foreach (var (title, path) in specs)
        {
            if (path.Length == 0)
            {
                return (null, $"unexpected custom-columns spec: {title}, expected <header>:<json-path-expr>");
            }

            if (JsonPath.Relaxed(path) is not { } template)
            {
                return (null, $"unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{{name1.name2}}' or '{{.name1.name2}}'");
            }

            if (!JsonPath.TryParse(template, allowMissing: true, out var parsed, out var error))
            {
                return (null, error);
            }

            columns.Add((title, parsed));
        }

        return (new CustomColumns(columns.DrainToImmutable(), header), null);
    }

    private static string Cell(JsonPath path, Doc item)
    {
        if (!path.TryFind(item, out var results, out _) || results.Count == 0 || results[0].IsEmpty)
        {
            return "<none>";
        }

        var values = results[0].Select(value => value is DocNull ? "<nil>" : GoMapText.Of(value));
        return string.Join(',', values);
    }
}
