using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace KubeLessons.Simulator.Documents;

/// <summary>Turns the events of a YAML parser into a <see cref="Doc"/>.</summary>
internal sealed class YamlReader
{
    private readonly Parser _parser;
    private readonly Dictionary<string, Doc> _anchors = new(StringComparer.Ordinal);
    private int _values;

    private YamlReader(string text) => _parser = new Parser(new StringReader(text));

    public static bool TryRead(string text, [NotNullWhen(true)] out Doc? value, [NotNullWhen(false)] out string? error)
    {
        var reader = new YamlReader(text);
        try
        {
            value = reader.ReadDocument();
            error = null;
            return true;
        }
        catch (YamlException fault)
        {
            value = null;
            error = YamlFault.InGoWords(fault, text);
            return false;
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
        {
            // The parser says this, instead of a fault of its own, for an open flow collection that meets a new block and for odd tags.
            value = null;
            error = YamlFault.WithoutPlace(reader._parser.Current?.End.Line ?? 1);
            return false;
        }
    }

    private Doc ReadDocument()
    {
        while (_parser.MoveNext())
        {
            switch (_parser.Current)
            {
                case StreamStart or DocumentStart:
                    continue;
                case StreamEnd or DocumentEnd:
                    return Doc.Null;
                default:
                    var value = ReadNode(0);
                    _parser.MoveNext();
                    return value;
            }
        }

        return Doc.Null;
    }

    // The parser stands on the node's first event, and afterwards on its last.
    private Doc ReadNode(int depth)
    {
        var at = _parser.Current!;
        if (depth > DocYaml.MaxDepth || ++_values > DocYaml.MaxValues)
        {
            throw new YamlException(at.Start, at.End, "document contains excessive aliasing");
        }

        switch (at)
        {
            case AnchorAlias alias:
                if (!_anchors.TryGetValue(alias.Value.Value, out var known))
                {
                    throw new YamlException(at.Start, at.End, $"unknown anchor '{alias.Value.Value}' referenced");
                }

                return known;
            case Scalar scalar:
                return Remember(scalar, YamlScalar.Resolve(scalar.Value, scalar.Style == ScalarStyle.Plain, TagOf(scalar)));
            case SequenceStart sequence:
                return Remember(sequence, ReadSequence(depth));
            case MappingStart mapping:
                return Remember(mapping, ReadMapping(depth));
            default:
                throw new YamlException(at.Start, at.End, "unexpected content");
        }
    }

    private DocArray ReadSequence(int depth)
    {
        var items = ImmutableArray.CreateBuilder<Doc>();
        while (Advance() is not SequenceEnd)
        {
            items.Add(ReadNode(depth + 1));
        }

        return new DocArray(items.DrainToImmutable());
    }

    private DocObject ReadMapping(int depth)
    {
        var builder = new DocObjectBuilder();
        List<Doc>? merged = null;
        while (Advance() is not MappingEnd)
        {
            var isMerge = _parser.Current is Scalar { Value: "<<", Style: ScalarStyle.Plain };
            var key = ReadNode(depth + 1);
            Advance();
            var value = ReadNode(depth + 1);
            if (isMerge)
            {
                (merged ??= []).Add(value);
                continue;
            }

            builder.Set(KeyText(key), value);
        }

        return merged is null ? builder.ToObject() : Merge(builder.ToObject(), merged);
    }

    // YAML 1.1's merge key: fields of the merged maps that the map itself does not have.
    private static DocObject Merge(DocObject own, List<Doc> merged)
    {
        var builder = new DocObjectBuilder();
        foreach (var (key, value) in merged.SelectMany(item => item is DocArray list ? list.Items.Reverse() : [item]).SelectMany(map => map.Fields))
        {
            builder.Set(key, value);
        }

        foreach (var (key, value) in own.Fields)
        {
            builder.Set(key, value);
        }

        return builder.ToObject();
    }

    private ParsingEvent Advance() =>
        _parser.MoveNext() ? _parser.Current! : throw new YamlException("unexpected end of stream");

    private T Remember<T>(NodeEvent node, T value)
        where T : Doc
    {
        if (!node.Anchor.IsEmpty)
        {
            _anchors[node.Anchor.Value] = value;
        }

        return value;
    }

    private static string KeyText(Doc key) => key switch
    {
        DocNumber number => number.Literal,
        DocNull => "null",
        _ => key.AsText ?? (key.AsBool is { } flag ? (flag ? "true" : "false") : key.ToString()),
    };

    private static string TagOf(NodeEvent node) => node.Tag.IsEmpty || node.Tag.IsNonSpecific ? "" : node.Tag.Value;
}
