using System.Collections.Immutable;

namespace KubeLessons.Lessons.Parsing;

/// <summary>What is known while a lesson's blocks are read from top to bottom: nodes, names, variables.</summary>
internal sealed class LessonReading(SourceText source, LessonHeader? header, Outline outline, DiagnosticBag diagnostics)
{
    private readonly HashSet<string> _variables = new(StringComparer.Ordinal);
    private readonly List<UnknownVariable> _unknown = [];
    private readonly Dictionary<string, Anchor> _anchors = new(StringComparer.Ordinal);

    public SourceText Source => source;

    public DiagnosticBag Diagnostics => diagnostics;

    public Outline Outline => outline;

    public ImmutableArray<NodeSpec> Nodes => (header?.Cluster ?? ClusterSpec.Standard).Nodes;

    public Duration DefaultWait => (header?.Defaults ?? LessonDefaults.Standard).Eventually;

    /// <summary>The fence that is being read.</summary>
    public OutlineEntry Current { get; private set; } = null!;

    /// <summary>Turns to the next fence.</summary>
    public void Enter(OutlineEntry entry)
    {
        Current = entry;
        if (entry.Attributes.On is { } on && entry.Fence.Find("on") is { } attribute) Use(on.Text, _ => attribute.ValuePosition);
    }

    /// <summary>A reference to a node; reported when it names none.</summary>
    public NodeReference Node(string text, SourcePosition position) => NodeNames.Read(text, position, Nodes, diagnostics);

    /// <summary>Names a variable from here on.</summary>
    public void Declare(string name) => _variables.Add(name);

    /// <summary>Takes note of the variables in a text, which must have been named by then.</summary>
    public void Use(string text, Func<int, SourcePosition> at)
    {
        if (!text.Contains('$', StringComparison.Ordinal)) return;
        foreach (var reference in VariableReference.In(text))
            if (!reference.IsDollar && !_variables.Contains(reference.Name))
                _unknown.Add(new UnknownVariable(reference.Name, at(reference.Start), MayBeShells: false));
    }

    /// <summary>Takes note of the variables in a condition's or value's text.</summary>
    public void Use(YamlScalar scalar) => Use(scalar.Value, scalar.At);

    /// <summary>
    /// Takes note of the variables in shell text. The shell has variables of its own, so that only a name that a later <c>let</c> gives is
    /// a fault, and not even that where the text itself sets it.
    /// </summary>
    public void UseInShell(string text, Func<int, SourcePosition> at)
    {
        foreach (var reference in VariableReference.In(text))
            if (!reference.IsDollar && !_variables.Contains(reference.Name) && !Sets(text, reference.Name))
                _unknown.Add(new UnknownVariable(reference.Name, at(reference.Start), MayBeShells: true));
    }

    /// <summary>A step or todo that a value speaks of. It must stand above, except in a prediction, which speaks of what is to come.</summary>
    public string Step(string name, SourcePosition position)
    {
        var found = outline.Find(name, Current.Index, entry => entry.IsAction);
        if (found is null)
            diagnostics.Report(position, "lint.unknownStep", name, NearestWord.Suggest(name, outline.Entries.Where(entry => entry.IsAction).Select(entry => entry.Name)));
        else if (found.Index > Current.Index && Current.Kind != RoleKind.Predict)
            diagnostics.Report(position, "lint.stepBelow", name, found.Fence.Position.Line);
        return name;
    }

    /// <summary>What the current check's time counts from: what <c>after</c> names, else the nearest step or todo above.</summary>
    public Anchor ReadAnchor()
    {
        var anchor = Current.Fence.Find("after") is { Value.Length: > 0 } attribute ? NamedAnchor(attribute) : NearestAnchor();
        _anchors.TryAdd(Current.Name, anchor);
        return anchor;
    }

    /// <summary>The step or todo that an anchor goes back to, through any checks between.</summary>
    public Anchor Root(Anchor anchor)
    {
        for (var hops = 0; anchor.Kind == AnchorKind.Check && hops <= _anchors.Count && _anchors.TryGetValue(anchor.Name, out var before); hops++)
            anchor = before;
        return anchor;
    }

    /// <summary>Reports the variables that were used and are named nowhere, or only further down.</summary>
    public void ReportUnknownVariables()
    {
        foreach (var (name, position, mayBeShells) in _unknown)
        {
            if (_variables.Contains(name)) diagnostics.Report(position, "lint.variableBelow", name);
            else if (!mayBeShells) diagnostics.Report(position, "lint.unknownVariable", name, NearestWord.Suggest(name, _variables.Order(StringComparer.Ordinal)));
        }
    }

    private Anchor NamedAnchor(FenceAttribute attribute)
    {
        var name = attribute.Value!;
        var found = outline.Find(name, Current.Index, entry => entry.IsAnchor);
        if (found is null || found == Current)
            diagnostics.Report(attribute.ValuePosition, "lint.unknownAnchor", name, NearestWord.Suggest(name, outline.Entries.Take(Current.Index).Where(entry => entry.IsAnchor).Select(entry => entry.Name)));
        else if (found.Index > Current.Index)
            diagnostics.Report(attribute.ValuePosition, "lint.stepBelow", name, found.Fence.Position.Line);
        return new Anchor(KindOf(found), name);
    }

    private Anchor NearestAnchor()
    {
        var above = outline.ActionAbove(Current.Index);
        if (above is null) diagnostics.Report(Current.Fence.Position, "lint.checkWithoutStep", Current.Name);
        return new Anchor(KindOf(above), above?.Name ?? string.Empty);
    }

    private static AnchorKind KindOf(OutlineEntry? entry) => entry?.Kind switch
    {
        RoleKind.Todo => AnchorKind.Todo,
        RoleKind.Check => AnchorKind.Check,
        _ => AnchorKind.Step,
    };

    private static bool Sets(string shell, string name) =>
        shell.Contains(name + "=", StringComparison.Ordinal) || shell.Contains("for " + name + " ", StringComparison.Ordinal)
        || shell.Contains("read " + name, StringComparison.Ordinal);

    private sealed record UnknownVariable(string Name, SourcePosition Position, bool MayBeShells);
}
