using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Printing;

namespace KubeLessons.Simulator.Kubectl.Describing;

/// <summary>The events at the end of a description, the oldest first.</summary>
internal static class EventList
{
    public static void Write(DescribeWriter writer, ImmutableArray<Doc> events)
    {
        if (events.IsEmpty)
        {
            writer.Field(0, "Events", "<none>");
            return;
        }

        writer.Flush();
        writer.Line(0, "Events:");
        writer.Line(1, "Type\tReason\tAge\tFrom\tMessage");
        writer.Line(1, "----\t------\t----\t----\t-------");
        foreach (var each in events.OrderBy(each => HumanDuration.Parse(each.Text("lastTimestamp")) ?? DateTimeOffset.MinValue))
        {
            var source = each.Text("source", "component") is { Length: > 0 } component ? component : each.Text("reportingComponent") ?? "";
            writer.Line(1, $"{each.Text("type")}\t{each.Text("reason")}\t{Interval(writer, each)}\t{source}\t{(each.Text("message") ?? "").Trim()}");
        }
    }

    /// <summary>When it happened; with its number and span when it happened several times.</summary>
    public static string Interval(DescribeWriter writer, Doc happened)
    {
        var first = writer.Since(happened.Text("eventTime") ?? happened.Text("firstTimestamp"));
        if (happened.At("series") is DocObject series)
        {
            return $"{writer.Since(series.Text("lastObservedTime"))} (x{series.Int("count")} over {first})";
        }

        return happened.Int("count") > 1 ? $"{writer.Since(happened.Text("lastTimestamp"))} (x{happened.Int("count")} over {first})" : first;
    }
}
