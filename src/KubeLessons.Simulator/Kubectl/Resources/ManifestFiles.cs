using System.Collections.Immutable;
using System.Text;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubectl.Resources;

/// <summary>A manifest and the name of the file that it stands in (as the command line has it; STDIN for <c>-f -</c>).</summary>
internal sealed record Manifest(Doc Value, string Source)
{
    public string ApiVersion => Value.Text("apiVersion") ?? "";

    public string Kind => Value.Text("kind") ?? "";

    public string Name => Value.Text("metadata", "name") ?? "";

    public string Namespace => Value.Text("metadata", "namespace") ?? "";
}

/// <summary>Reads what <c>-f</c> names: files, directories, standard input.</summary>
internal sealed class ManifestFiles(Invocation call)
{
    private static readonly string[] Extensions = [".json", ".yaml", ".yml"];
    private readonly ImmutableArray<Manifest>.Builder _manifests = ImmutableArray.CreateBuilder<Manifest>();

    public ImmutableArray<Manifest> Manifests => _manifests.ToImmutable();

    /// <summary>Faults in the order of the files. Manifests that could be read come nevertheless.</summary>
    public List<string> Errors { get; } = [];

    public IEnumerable<Wait> Read(ImmutableArray<string> names)
    {
        foreach (var name in names)
        {
            if (name == "-")
            {
                var text = new StringBuilder();
                while (!call.Self.Input.IsAtEnd)
                {
                    text.Append(call.Self.Input.Read());
                    if (!call.Self.Input.IsAtEnd)
                    {
                        yield return Wait.On(call.Self.Input.Changed);
                    }
                }

                Parse(text.ToString(), "STDIN");
                continue;
            }

            if (name.StartsWith("http://", StringComparison.Ordinal) || name.StartsWith("https://", StringComparison.Ordinal))
            {
                Errors.Add($"unable to read URL \"{name}\", server reported: there is no way to the internet");
                continue;
            }

            ReadPath(name);
        }
    }

    private void ReadPath(string name)
    {
        var path = call.PathOf(name);
        if (call.Self.Files.Find(path) is not { } node)
        {
            Errors.Add($"the path \"{name}\" does not exist");
            return;
        }

        if (node.Kind == FileKind.File)
        {
            Parse(node.Content, name);
            return;
        }

        var files = FilesIn(path, name).ToList();
        if (files.Count == 0)
        {
            Errors.Add($"error reading [{name}]: recognized file extensions are [.json .yaml .yml]");
        }

        foreach (var (file, shown) in files)
        {
            Parse(call.Self.Files.Read(file) ?? "", shown);
        }
    }

    private IEnumerable<(string Path, string Shown)> FilesIn(string directory, string shown)
    {
        foreach (var entry in call.Self.Files.List(directory))
        {
            var path = FileSystem.Resolve(directory, entry);
            var name = $"{shown.TrimEnd('/')}/{entry}";
            if (!call.Self.Files.IsDirectory(path))
            {
                if (Extensions.Any(extension => entry.EndsWith(extension, StringComparison.Ordinal)))
                {
                    yield return (path, name);
                }
            }
            else if (call.Flags.Flag("recursive"))
            {
                foreach (var below in FilesIn(path, name))
                {
                    yield return below;
                }
            }
        }
    }

    private void Parse(string text, string source)
    {
        if (text.AsSpan().TrimStart().StartsWith("{") && DocJson.TryParse(Encoding.UTF8.GetBytes(text), out var json, out _))
        {
            Add(json, source);
            return;
        }

        foreach (var part in DocYaml.Split(text))
        {
            if (!DocYaml.TryParse(part, out var value, out var error))
            {
                Errors.Add(
                    text.AsSpan().TrimStart().StartsWith("{")
                        ? $"error parsing {source}: unexpected EOF"
                        : $"error parsing {source}: error converting YAML to JSON: {error}");
                return;
            }

            if (value is not null)
            {
                Add(value, source);
            }
        }
    }

    private void Add(Doc value, string source)
    {
        if (value is not DocObject)
        {
            Errors.Add($"unable to decode \"{source}\": json: cannot unmarshal {JsonTypeOf(value)} into Go value of type unstructured.detector");
            return;
        }

        if (value.Text("kind") is null or "")
        {
            Errors.Add($"unable to decode \"{source}\": Object 'Kind' is missing in '{Printing.GoJson.Compact(value)}'");
            return;
        }

        foreach (var field in (ReadOnlySpan<string>)["name", "namespace"])
        {
            if (value.At("metadata", field) is { IsNull: false, AsText: null } wrong)
            {
                Errors.Add($"unable to decode \"{source}\": json: cannot unmarshal {JsonTypeOf(wrong)} into Go struct field ObjectMeta.metadata.{field} of type string");
                return;
            }
        }

        if (value.Text("kind")!.EndsWith("List", StringComparison.Ordinal) && value.At("items") is DocArray items)
        {
            foreach (var item in items.Items)
            {
                Add(item, source);
            }

            return;
        }

        _manifests.Add(new Manifest(value, source));
    }

    private static string JsonTypeOf(Doc value) => value switch
    {
        DocArray => "array",
        DocObject => "object",
        DocNumber => "number",
        DocBool => "bool",
        _ => "string",
    };
}
