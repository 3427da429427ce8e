using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Describing;

/// <summary>Resource quotas and limit ranges, alone and below their namespace.</summary>
internal static class PolicyTables
{
    public static void Quotas(DescribeWriter writer, ImmutableArray<Doc> quotas)
    {
        if (quotas.IsEmpty)
        {
            writer.Line(0, "No resource quota.");
            return;
        }

        writer.Line(0, "Resource Quotas");
        foreach (var quota in quotas.OrderBy(each => each.Text("metadata", "name"), StringComparer.Ordinal))
        {
            writer.Line(1, $"Name:\t{quota.Text("metadata", "name")}");
            writer.Line(1, "Resource\tUsed\tHard");
            writer.Line(1, "--------\t---\t---");
            foreach (var (resource, hard) in Hard(quota))
            {
                writer.Line(1, $"{resource}\t{quota.Text("status", "used", resource)}\t{hard.AsText}");
            }
        }
    }

    public static void Limits(DescribeWriter writer, ImmutableArray<Doc> ranges)
    {
        if (ranges.IsEmpty)
        {
            writer.Line(0, "No LimitRange resource.");
            return;
        }

        writer.Line(0, "Resource Limits");
        LimitTable(writer, " ", ranges);
    }

    public static IEnumerable<Wait> DescribeQuota(DescribeSession session, Doc quota)
    {
        var writer = session.Writer;
        writer.Field(0, "Name", quota.Text("metadata", "name"));
        writer.Field(0, "Namespace", quota.Text("metadata", "namespace"));
        if (quota.List("spec", "scopes") is { IsEmpty: false } scopes)
        {
            writer.Field(0, "Scopes", string.Join(", ", scopes.Select(scope => scope.AsText).Order(StringComparer.Ordinal)));
        }

        writer.Line(0, "Resource\tUsed\tHard");
        writer.Line(0, "--------\t----\t----");
        foreach (var (resource, hard) in Hard(quota))
        {
            writer.Line(0, $"{resource}\t{quota.Text("status", "used", resource)}\t{hard.AsText}");
        }

        yield break;
    }

    public static IEnumerable<Wait> DescribeLimitRange(DescribeSession session, Doc range)
    {
        session.Writer.Field(0, "Name", range.Text("metadata", "name"));
        session.Writer.Field(0, "Namespace", range.Text("metadata", "namespace"));
        LimitTable(session.Writer, "", [range]);
        yield break;
    }

    private static IEnumerable<KeyValuePair<string, Doc>> Hard(Doc quota) =>
        (quota.At("status", "hard")?.Fields ?? []).OrderBy(field => field.Key, StringComparer.Ordinal);

    private static void LimitTable(DescribeWriter writer, string indent, ImmutableArray<Doc> ranges)
    {
        writer.Line(0, indent + "Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio");
        writer.Line(0, indent + "----\t--------\t---\t---\t---------------\t-------------\t-----------------------");
        foreach (var limit in ranges.SelectMany(range => range.List("spec", "limits")))
        {
            ReadOnlySpan<string> fields = ["min", "max", "defaultRequest", "default", "maxLimitRequestRatio"];
            var resources = new SortedSet<string>(StringComparer.Ordinal);
            foreach (var field in fields)
            {
                resources.UnionWith((limit.At(field)?.Fields ?? []).Select(each => each.Key));
            }

            foreach (var resource in resources)
            {
                writer.Write($"{indent}{limit.Text("type")}\t{resource}");
                foreach (var field in fields)
                {
                    writer.Write("\t" + (limit.At(field, resource) is { } amount ? amount.AsText ?? amount.ToString() : "-"));
                }

                writer.Write("\n");
            }
        }
    }
}
