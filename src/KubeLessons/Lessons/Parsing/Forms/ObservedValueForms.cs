namespace KubeLessons.Lessons.Parsing.Forms;

/// <summary>The values that <c>let</c> names and <c>observe</c> compares, each on one line.</summary>
internal static class ObservedValueForms
{
    /// <summary>The rows are tried from the top.</summary>
    public static FormTable<ObservedValue> Table { get; } = new(
        Form("SELECTION jsonpath=PATH", m => new ObservedValue.JsonPath(m.Source.Text, m.Selection(), m.Path())),
        Form("SELECTION PATH", m => new ObservedValue.JsonPath(m.Source.Text, m.Selection(), m.Path())),
        Form("SELECTION count", m => new ObservedValue.Count(m.Source.Text, m.Selection())),
        Form("unit NODE/UNIT", m => new ObservedValue.Unit(m.Source.Text, m.Node(), m.Text("UNIT"))),
        Form("output of STEP", m => new ObservedValue.OutputOf(m.Source.Text, m.Step("STEP"))),
        Form("exit of STEP", m => new ObservedValue.ExitOf(m.Source.Text, m.Step("STEP"))));

    private static Form<ObservedValue> Form(string usage, Func<FormMatch, ObservedValue?> build) => new(usage, build);
}
