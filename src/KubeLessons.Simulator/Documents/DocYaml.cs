using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace KubeLessons.Simulator.Documents;

/// <summary>
/// YAML text to <see cref="Doc"/>s, as kubectl, kubelet and kubeadm read it (sigs.k8s.io/yaml: YAML 1.1 plain scalars, so that
/// <c>no</c> is a boolean and <c>0644</c> is octal; anchors, merge keys, several documents in one file).
/// </summary>
public static class DocYaml
{
    /// <summary>Maps and lists may be nested this deep, anchors included; deeper input is refused.</summary>
    public const int MaxDepth = 256;

    /// <summary>So many values may come out of one text: a few nested aliases must not fill the memory.</summary>
    public const int MaxValues = 1_000_000;

    /// <summary>The first document of a text; null when it has none. A fault is a value.</summary>
    public static bool TryParse(string yaml, out Doc? value, [NotNullWhen(false)] out string? error)
    {
        var read = TryParseAll(yaml, out var documents, out error);
        value = read && documents.Length > 0 ? documents[0] : null;
        return read;
    }

    /// <summary>All documents of a text that are not empty. A fault is a value: <c>yaml: line 3: …</c>.</summary>
    public static bool TryParseAll(string yaml, out ImmutableArray<Doc> documents, [NotNullWhen(false)] out string? error)
    {
        (documents, error) = ([], null);
        try
        {
            var reader = new Reader(new Parser(new StringReader(yaml)));
            documents = reader.ReadDocuments();
            return true;
        }
        catch (YamlException fault)
        {
            error = $"yaml: line {fault.Start.Line}: {(fault.InnerException ?? fault).Message}";
            return false;
        }
    }

    private sealed class Reader(Parser parser)
    {
        private readonly Dictionary<string, Doc> _anchors = new(StringComparer.Ordinal);
        private int _values;

        public ImmutableArray<Doc> ReadDocuments()
        {
            var documents = ImmutableArray.CreateBuilder<Doc>();
            parser.Consume<StreamStart>();
            while (!parser.TryConsume<StreamEnd>(out _))
            {
                parser.Consume<DocumentStart>();
                _anchors.Clear();
                var value = Read(0);
                if (!value.IsNull)
                {
                    documents.Add(value);
                }

                parser.Consume<DocumentEnd>();
            }

            return documents.ToImmutable();
        }

        private Doc Read(int depth)
        {
            var at = parser.Current!;
            if (depth > MaxDepth)
            {
                throw new YamlException(at.Start, at.End, "exceeded max depth");
            }

            if (parser.TryConsume<AnchorAlias>(out var alias))
            {
                return Count(_anchors.GetValueOrDefault(alias.Value.Value)
                    ?? throw new YamlException(at.Start, at.End, $"unknown anchor '{alias.Value.Value}' referenced"));
            }

            var anchor = (at as NodeEvent)?.Anchor ?? AnchorName.Empty;
            var value = Count(parser.TryConsume<Scalar>(out var scalar) ? YamlScalar.Resolve(scalar)
                : parser.TryConsume<SequenceStart>(out _) ? ReadList(depth + 1)
                : ReadMap(depth + 1));
            if (!anchor.IsEmpty)
            {
                _anchors[anchor.Value] = value;
            }

            return value;
        }

        private DocArray ReadList(int depth)
        {
            var items = ImmutableArray.CreateBuilder<Doc>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Read(depth));
            }

            return items.Count == 0 ? Doc.EmptyArray : new DocArray(items.DrainToImmutable());
        }

        private DocObject ReadMap(int depth)
        {
            parser.Consume<MappingStart>();
            var fields = new DocObjectBuilder();
            var merged = new List<Doc>();
            var own = new HashSet<string>(StringComparer.Ordinal);
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var at = parser.Current!;
                var isMerge = at is Scalar { IsPlainImplicit: true, Value: "<<" };
                var key = Read(depth);
                var value = Read(depth);
                if (isMerge)
                {
                    merged.AddRange(value is DocArray list ? list.Items : [value]);
                    continue;
                }

                var name = key.AsText ?? key.ToString();
                if (!own.Add(name))
                {
                    throw new YamlException(at.Start, at.End, $"key \"{name}\" already set in map");
                }

                fields.Set(name, value);
            }

            // Merged fields come after the map's own, which win.
            foreach (var (name, value) in merged.SelectMany(map => map.Fields))
            {
                if (own.Add(name))
                {
                    fields.Set(name, value);
                }
            }

            return fields.ToObject();
        }

        private Doc Count(Doc value)
        {
            _values += value is DocObject or DocArray ? Weight(value) : 1;
            return _values <= MaxValues
                ? value
                : throw new YamlException(parser.Current!.Start, parser.Current.End, "document contains excessive aliasing");
        }

        private static int Weight(Doc value) => value is DocArray ? value.Items.Length + 1 : ((DocObject)value).Count + 1;
    }
}
