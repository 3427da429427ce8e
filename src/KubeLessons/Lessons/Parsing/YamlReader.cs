using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace KubeLessons.Lessons.Parsing;

/// <summary>
/// Reads one YAML document from the parser's events into <see cref="YamlNode"/>s. Aliases and tags have no place in a lesson, so that what a
/// value is can be seen where it stands. The first fault ends the reading: behind it everything would be guessed.
/// </summary>
internal sealed class YamlReader
{
    private const int DeepestNesting = 32;
    private readonly Parser _parser;
    private readonly BlockLines _lines;
    private readonly DiagnosticBag _diagnostics;

    private YamlReader(BlockLines lines, DiagnosticBag diagnostics)
    {
        _parser = new Parser(new Scanner(new StringReader(lines.Text), skipComments: true));
        _lines = lines;
        _diagnostics = diagnostics;
    }

    /// <summary>The document's value; null when it is empty or has a fault, which is then reported.</summary>
    public static YamlNode? Read(BlockLines lines, DiagnosticBag diagnostics)
    {
        var reader = new YamlReader(lines, diagnostics);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException fault)
        {
            diagnostics.Report(lines.At((int)fault.Start.Line - 1, (int)fault.Start.Column - 1), "lint.yaml", fault.Message.TrimEnd('.'));
            return null;
        }
    }

    /// <summary>Reports the first fault of YAML syntax of a text that may be any YAML, such as a manifest.</summary>
    public static void CheckSyntax(BlockLines lines, DiagnosticBag diagnostics)
    {
        var parser = new Parser(new Scanner(new StringReader(lines.Text), skipComments: true));
        var depth = 0;
        try
        {
            while (parser.MoveNext())
            {
                depth += parser.Current!.NestingIncrease;
                if (depth <= DeepestNesting * 2) continue;
                diagnostics.Report(lines.At((int)parser.Current.Start.Line - 1, (int)parser.Current.Start.Column - 1), "lint.yamlDeep", DeepestNesting * 2);
                return;
            }
        }
        catch (YamlException fault)
        {
            diagnostics.Report(lines.At((int)fault.Start.Line - 1, (int)fault.Start.Column - 1), "lint.yaml", fault.Message.TrimEnd('.'));
        }
    }

    private YamlNode? ReadDocument()
    {
        _parser.MoveNext();
        _parser.MoveNext();
        if (_parser.Current is StreamEnd or null) return null;
        _parser.MoveNext();
        var node = ReadNode(0);
        if (node is null) return null;
        _parser.MoveNext();
        if (_parser.MoveNext() && _parser.Current is DocumentStart second) _diagnostics.Report(At(second), "lint.yamlSecondDocument");
        return node;
    }

    // The parser stands on the node's first event, and afterwards on its last.
    private YamlNode? ReadNode(int depth)
    {
        var start = _parser.Current!;
        if (depth > DeepestNesting) return Refuse(start, "lint.yamlDeep", DeepestNesting);
        if (start is AnchorAlias or NodeEvent { Anchor.IsEmpty: false }) return Refuse(start, "lint.yamlAlias");
        if (start is NodeEvent { Tag.IsEmpty: false, Tag.IsNonSpecific: false }) return Refuse(start, "lint.yamlTag");
        return start switch
        {
            Scalar scalar => ToScalar(scalar),
            SequenceStart => ReadList(start, depth),
            MappingStart => ReadMapping(start, depth),
            _ => Refuse(start, "lint.yaml", start.ToString() ?? string.Empty),
        };
    }

    private YamlList? ReadList(ParsingEvent start, int depth)
    {
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        while (_parser.MoveNext() && _parser.Current is not SequenceEnd)
        {
            if (ReadNode(depth + 1) is not { } item) return null;
            items.Add(item);
        }

        return new YamlList(At(start), items.DrainToImmutable());
    }

    private YamlMapping? ReadMapping(ParsingEvent start, int depth)
    {
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (_parser.MoveNext() && _parser.Current is not MappingEnd)
        {
            var keyEvent = _parser.Current!;
            if (ReadNode(depth + 1) is not { } key) return null;
            _parser.MoveNext();
            if (ReadNode(depth + 1) is not { } value) return null;
            if (key is not YamlScalar name)
                _diagnostics.Report(At(keyEvent), "lint.yamlKey");
            else if (!names.Add(name.Value))
                _diagnostics.Report(name.Position, "lint.duplicateKey", name.Value);
            else
                entries.Add(new YamlEntry(name, value));
        }

        return new YamlMapping(At(start), entries.DrainToImmutable());
    }

    private YamlScalar ToScalar(Scalar scalar)
    {
        var sourceLength = scalar.Start.Line == scalar.End.Line ? scalar.End.Column - scalar.Start.Column : -1;
        var shift = scalar.Style switch
        {
            ScalarStyle.Plain when sourceLength == scalar.Value.Length => 0,
            ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted when sourceLength == scalar.Value.Length + 2 => 1,
            _ => -1,
        };
        return new YamlScalar(At(scalar), scalar.Value, scalar.Style == ScalarStyle.Plain, shift);
    }

    private SourcePosition At(ParsingEvent parsed) => _lines.At((int)parsed.Start.Line - 1, (int)parsed.Start.Column - 1);

    private YamlNode? Refuse(ParsingEvent at, string key, params ReadOnlySpan<object> arguments)
    {
        _diagnostics.Report(At(at), key, arguments);
        return null;
    }
}
