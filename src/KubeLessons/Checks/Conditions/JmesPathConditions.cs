using DevLab.JmesPath;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Checks;

/// <summary>Judges <c>{jmespath: EXPRESSION, over: SELECTION}</c> with the JmesPath.Net library (source: jmespath.org/specification.html).</summary>
internal static class JmesPathConditions
{
    public static Finding Evaluate(JmesPathCondition condition, Viewpoint view)
    {
        var selected = Selecting.Select(condition.Over, view);
        if (selected.Fault is { } fault)
        {
            return Finding.Faulty(fault);
        }

        if (selected.Named is not null && selected.Objects.Count == 0)
        {
            return new Finding(false, Said.Verbatim(condition.Expression), Said.NotThere, null, selected.Named);
        }

        var document = selected.Named is not null
            ? selected.Objects[0].Root.GetRawText()
            : $"{{\"items\":[{string.Join(',', selected.Objects.Select(item => item.Root.GetRawText()))}]}}";
        string result;
        try
        {
            result = new JmesPath().Transform(document, view.Variables.Substitute(condition.Expression).Text);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The library reports a faulty expression by several exception types of its own and of its parser.
            return Finding.Faulty(Message.Of("check.badJmesPath", condition.Expression, exception.Message));
        }

        var latest = selected.Objects.Count == 0 ? null : selected.Objects.MaxBy(item => item.Since);
        return new Finding(
            result is not ("null" or "false" or "\"\"" or "[]" or "{}"),
            Said.Verbatim(condition.Expression),
            Said.Verbatim(Excerpt.Of(result)),
            latest?.Since,
            latest?.Id);
    }
}
