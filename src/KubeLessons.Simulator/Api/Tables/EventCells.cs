using System.Globalization;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Tables;

/// <summary>The cells of events.</summary>
internal static class EventCells
{
    public static Doc[] Event(Doc value, CellContext context)
    {
        var made = value.Text("firstTimestamp") ?? value.Text("eventTime");
        var last = value.Text("lastTimestamp") ?? made;
        var count = value.Int("count") ?? 0;
        if (value["series"] is { } series && series.IsNull == false)
        {
            (last, count) = (series.Text("lastObservedTime"), series.Int("count") ?? 0);
        }
        else if (count == 0)
        {
            // Events of the newer kind that happened once.
            count = 1;
        }

        var about = value["involvedObject"] ?? Doc.Empty;
        var target = about.Text("name") is { Length: > 0 } name
            ? $"{about.Text("kind")?.ToLowerInvariant()}/{name}"
            : about.Text("kind")?.ToLowerInvariant() ?? "";
        return
        [
            context.Since(last),
            value.Text("type") ?? "",
            value.Text("reason") ?? "",
            target,
            about.Text("fieldPath") ?? "",
            Source(value),
            value.Text("message")?.Trim() ?? "",
            context.Since(made),
            count.ToString(CultureInfo.InvariantCulture),
            Cells.Name(value),
        ];
    }

    private static string Source(Doc value)
    {
        var component = value.Text("source", "component") is { Length: > 0 } own ? own : value.Text("reportingComponent") ?? "";
        var host = value.Text("source", "host") is { Length: > 0 } machine ? machine : value.Text("reportingInstance") ?? "";
        return host.Length > 0 ? $"{component}, {host}" : component;
    }
}
