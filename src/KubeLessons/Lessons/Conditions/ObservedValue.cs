namespace KubeLessons.Lessons;

/// <summary>
/// A value that can be read off the cluster: what <c>let</c> names and what <c>observe</c> of a prediction compares. The hierarchy is closed:
/// it is one of the nested records.
/// </summary>
public abstract record ObservedValue
{
    private ObservedValue(string text) => Text = text;

    /// <summary>The value's expression as written.</summary>
    public string Text { get; init; }

    /// <summary><c>SELECTION {.path}</c> or <c>SELECTION jsonpath={.path}</c>: what kubectl's JSONPath prints for the object (for a choice of several: the first).</summary>
    public sealed record JsonPath(string Text, ResourceSelection Selection, string Path) : ObservedValue(Text);

    /// <summary><c>SELECTION count</c>: how many are chosen.</summary>
    public sealed record Count(string Text, ResourceSelection Selection) : ObservedValue(Text);

    /// <summary><c>unit NODE/UNIT</c>: <c>active</c>, <c>inactive</c> or <c>failed</c>.</summary>
    public sealed record Unit(string Text, NodeReference Node, string Name) : ObservedValue(Text);

    /// <summary><c>output of STEP</c>: what the step printed, without blanks at its ends.</summary>
    public sealed record OutputOf(string Text, string Step) : ObservedValue(Text);

    /// <summary><c>exit of STEP</c>: the step's exit code.</summary>
    public sealed record ExitOf(string Text, string Step) : ObservedValue(Text);
}
