using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace KubeLessons.Lessons.Parsing;

/// <summary>Reads the front matter.</summary>
internal sealed partial class HeaderReader(DiagnosticBag diagnostics)
{
    private const int MostNodes = 100;

    private static readonly string[] Keys =
    [
        "id", "title", "lang", "description", "minutes", "difficulty", "needs", "kubernetes", "cluster", "touches", "defaults", "points", "pass",
    ];

    /// <summary>What can be installed beyond a bare cluster.</summary>
    public static ImmutableArray<string> Addons { get; } = ["metrics-server", "ingress-nginx", "metallb", "local-path-provisioner", "dashboard"];

    /// <summary>The total that the author expects (<c>points</c>), with its place, or null.</summary>
    public (int Points, SourcePosition Position)? ExpectedPoints { get; private set; }

    /// <summary>Where <c>pass</c> stands, or null.</summary>
    public SourcePosition? PassPosition { get; private set; }

    /// <summary>The header; null when there is none. What is missing or wrong is reported, and has its default.</summary>
    public LessonHeader? Read(FrontMatterPart? part, SourceText source)
    {
        if (part is null)
        {
            diagnostics.Report(source.At(0), "lint.noFrontMatter");
            return null;
        }

        if (YamlReader.ReadFields(part.Lines, source.At(0), diagnostics, Keys) is not { } fields) return null;
        var cluster = ReadCluster(fields);
        if (fields.Number("points", 0, 100_000) is { } points) ExpectedPoints = ((int)points, fields.At("points"));
        return new LessonHeader(
            ReadId(fields),
            fields.Text("title", required: true) ?? string.Empty,
            ReadLanguage(fields),
            fields.Text("description") ?? string.Empty,
            (int)(fields.Number("minutes", 1, 600, required: true) ?? 1),
            fields.Word("difficulty", ("beginner", Difficulty.Beginner), ("intermediate", Difficulty.Intermediate), ("advanced", Difficulty.Advanced)) ?? Difficulty.Beginner,
            [.. fields.Scalars("needs").Select(need => need.Value)],
            ReadRange(fields),
            cluster,
            fields.Words("touches", ("node", Touch.Node), ("kernel", Touch.Kernel), ("cluster", Touch.Cluster)),
            ReadDefaults(fields, cluster),
            ReadPass(fields));
    }

    private string ReadId(Fields fields)
    {
        var id = fields.Scalar("id", required: true);
        if (id is not null && !IdPattern().IsMatch(id.Value)) diagnostics.Report(id.Position, "lint.name", id.Value);
        return id?.Value ?? string.Empty;
    }

    private string ReadLanguage(Fields fields)
    {
        var language = fields.Scalar("lang", required: true);
        if (language is not null && language.Value is not ("en" or "ko"))
            diagnostics.Report(language.Position, "lint.unknownWord", language.Value, NearestWord.Suggest(language.Value, ["en", "ko"]));
        return language?.Value ?? "en";
    }

    private KubernetesRange ReadRange(Fields fields)
    {
        if (fields.Scalar("kubernetes") is not { } scalar) return KubernetesRange.Any;
        if (!KubernetesRange.TryParse(scalar.Value, out var range)) diagnostics.Report(scalar.Position, "lint.range", scalar.Value);
        return range;
    }

    private ClusterSpec ReadCluster(Fields header)
    {
        if (header.Node("cluster") is not { } node) return ClusterSpec.Standard;
        if (Fields.Open(node, node.Position, diagnostics, "nodes", "addons", "seed") is not { } fields) return ClusterSpec.Standard;
        var addons = fields.Scalars("addons");
        foreach (var addon in addons.Where(addon => !Addons.Contains(addon.Value)))
            diagnostics.Report(addon.Position, "lint.unknownWord", addon.Value, NearestWord.Suggest(addon.Value, Addons));
        return new ClusterSpec(ReadNodes(fields), [.. addons.Select(addon => addon.Value)], fields.Number("seed", 0, int.MaxValue) ?? ClusterSpec.Standard.Seed);
    }

    private ImmutableArray<NodeSpec> ReadNodes(Fields fields)
    {
        if (fields.Node("nodes") is not { } node) return ClusterSpec.Standard.Nodes;
        var nodes = ImmutableArray.CreateBuilder<NodeSpec>();
        if (node is YamlMapping roles)
            foreach (var entry in roles.Entries) AddNode(nodes, entry.Key, ReadRole(fields, entry));
        else
            foreach (var name in fields.Scalars("nodes")) AddNode(nodes, name, nodes.Count == 0 ? NodeRole.ControlPlane : NodeRole.Worker);

        if (nodes.Count > MostNodes) diagnostics.Report(fields.At("nodes"), "lint.tooManyNodes", MostNodes);
        if (!nodes.Any(known => known.Role == NodeRole.ControlPlane)) diagnostics.Report(fields.At("nodes"), "lint.noControlPlane");
        return nodes.DrainToImmutable();
    }

    private void AddNode(ImmutableArray<NodeSpec>.Builder nodes, YamlScalar name, NodeRole role)
    {
        if (!IdPattern().IsMatch(name.Value)) diagnostics.Report(name.Position, "lint.name", name.Value);
        if (nodes.Any(known => known.Name == name.Value)) diagnostics.Report(name.Position, "lint.duplicateName", name.Value, name.Position.Line);
        nodes.Add(new NodeSpec(name.Value, role));
    }

    private NodeRole ReadRole(Fields fields, YamlEntry entry)
    {
        if (entry.Value is YamlScalar { Value: NodeReference.ControlPlane }) return NodeRole.ControlPlane;
        if (entry.Value is YamlScalar { Value: NodeReference.Worker }) return NodeRole.Worker;
        if (entry.Value is YamlScalar { IsNull: false } odd)
            diagnostics.Report(odd.Position, "lint.unknownWord", odd.Value, NearestWord.Suggest(odd.Value, [NodeReference.ControlPlane, NodeReference.Worker]));
        else
            fields.WrongKind(entry.Key.Value, entry.Value, "lint.kind.text");
        return NodeRole.Worker;
    }

    private LessonDefaults ReadDefaults(Fields header, ClusterSpec cluster)
    {
        if (header.Node("defaults") is not { } node) return LessonDefaults.Standard;
        if (Fields.Open(node, node.Position, diagnostics, "on", "eventually") is not { } fields) return LessonDefaults.Standard;
        if (fields.Scalar("on") is { } variable && variable.Value.Contains('$', StringComparison.Ordinal)) diagnostics.Report(variable.Position, "lint.headerVariable", variable.Value);
        var on = fields.Scalar("on") is { } scalar ? NodeNames.Read(scalar.Value, scalar.Position, cluster.Nodes, diagnostics) : LessonDefaults.Standard.On;
        return new LessonDefaults(on, fields.Duration("eventually") ?? LessonDefaults.Standard.Eventually);
    }

    private PassMark ReadPass(Fields fields)
    {
        if (fields.Scalar("pass") is not { } scalar) return PassMark.All;
        PassPosition = scalar.Position;
        var isPercent = scalar.Value.EndsWith('%');
        if (int.TryParse(scalar.Value.TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var amount) && amount >= 0 && (!isPercent || amount <= 100)) return new PassMark(amount, isPercent);
        diagnostics.Report(scalar.Position, "lint.pass", scalar.Value);
        return PassMark.All;
    }

    /// <summary>What may name a lesson, a node, a step or a check.</summary>
    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$", RegexOptions.CultureInvariant)]
    public static partial Regex IdPattern();
}
