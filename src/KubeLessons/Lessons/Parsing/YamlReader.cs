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
    private readonly YamlEvents _events;
    private readonly DiagnosticBag _diagnostics;

    private YamlReader(BlockLines lines, DiagnosticBag diagnostics)
    {
        _events = new YamlEvents(lines, diagnostics);
        _diagnostics = diagnostics;
    }

    /// <summary>Reads the document's value, null when it is empty. False, and reported, when it has a fault.</summary>
    public static bool TryRead(BlockLines lines, DiagnosticBag diagnostics, out YamlNode? node)
    {
        var reader = new YamlReader(lines, diagnostics);
        node = reader.ReadDocument();
        return !reader._events.Failed;
    }

    /// <summary>Reads a document that is a mapping with these keys; null, and reported, when it is none.</summary>
    public static Fields? ReadFields(BlockLines lines, SourcePosition position, DiagnosticBag diagnostics, params ReadOnlySpan<string> keys) =>
        TryRead(lines, diagnostics, out var node) ? Fields.Open(node, position, diagnostics, keys) : null;

    /// <summary>Reports the first fault of YAML syntax of a text that may be any YAML, such as a manifest.</summary>
    public static void CheckSyntax(BlockLines lines, DiagnosticBag diagnostics)
    {
        var events = new YamlEvents(lines, diagnostics);
        var depth = 0;
        while (events.MoveNext())
        {
            depth += events.Current.NestingIncrease;
            if (depth > DeepestNesting * 2) events.Refuse("lint.yamlDeep", DeepestNesting * 2);
        }
    }

    private YamlNode? ReadDocument()
    {
        if (!_events.MoveNext() || !_events.MoveNext() || _events.Current is StreamEnd || !_events.MoveNext()) return null;
        var node = ReadNode(0);
        if (_events.MoveNext() && _events.MoveNext() && _events.Current is DocumentStart) _events.Refuse("lint.yamlSecondDocument");
        return node;
    }

    // The events stand on the node's first, and afterwards on its last.
    private YamlNode? ReadNode(int depth)
    {
        var start = _events.Current;
        if (depth > DeepestNesting) return Refuse("lint.yamlDeep", DeepestNesting);
        if (start is AnchorAlias or NodeEvent { Anchor.IsEmpty: false }) return Refuse("lint.yamlAlias");
        if (start is NodeEvent { Tag.IsEmpty: false, Tag.IsNonSpecific: false }) return Refuse("lint.yamlTag");
        return start switch
        {
            Scalar scalar => ToScalar(scalar),
            SequenceStart => ReadList(depth),
            MappingStart => ReadMapping(depth),
            _ => Refuse("lint.yamlOdd"),
        };
    }

    private YamlList? ReadList(int depth)
    {
        var position = _events.Position;
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        while (_events.MoveNext() && _events.Current is not SequenceEnd)
        {
            if (ReadNode(depth + 1) is not { } item) return null;
            items.Add(item);
        }

        return new YamlList(position, items.DrainToImmutable());
    }

    private YamlMapping? ReadMapping(int depth)
    {
        var position = _events.Position;
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (_events.MoveNext() && _events.Current is not MappingEnd)
        {
            if (ReadNode(depth + 1) is not { } key || !_events.MoveNext() || ReadNode(depth + 1) is not { } value) return null;
            if (key is not YamlScalar name)
                _diagnostics.Report(key.Position, "lint.yamlKey");
            else if (!names.Add(name.Value))
                _diagnostics.Report(name.Position, "lint.duplicateKey", name.Value);
            else
                entries.Add(new YamlEntry(name, value));
        }

        return new YamlMapping(position, entries.DrainToImmutable());
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
        return new YamlScalar(_events.Position, scalar.Value, scalar.Style == ScalarStyle.Plain, shift);
    }

    private YamlNode? Refuse(string key, params ReadOnlySpan<object> arguments)
    {
        _events.Refuse(key, arguments);
        return null;
    }
}
