using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Describing;

/// <summary><c>kubectl describe</c> of roles, bindings, disruption budgets and priority classes.</summary>
internal static class PolicyDescribers
{
    public static IEnumerable<Wait> Role(DescribeSession session, Doc value)
    {
        var writer = session.Writer;
        Head(writer, value);
        writer.Line(0, "PolicyRule:");
        writer.Line(1, "Resources\tNon-Resource URLs\tResource Names\tVerbs");
        writer.Line(1, "---------\t-----------------\t--------------\t-----");
        foreach (var (resource, urls, names, verbs) in RowsOf(value).OrderBy(row => row.Resource, StringComparer.Ordinal))
        {
            writer.Line(1, $"{resource}\t{urls}\t{names}\t{verbs}");
        }

        yield break;
    }

    public static IEnumerable<Wait> Binding(DescribeSession session, Doc value)
    {
        var writer = session.Writer;
        Head(writer, value);
        writer.Line(0, "Role:");
        writer.Field(1, "Kind", value.Text("roleRef", "kind"));
        writer.Field(1, "Name", value.Text("roleRef", "name"));
        writer.Line(0, "Subjects:");
        writer.Line(1, "Kind\tName\tNamespace");
        writer.Line(1, "----\t----\t---------");
        foreach (var subject in value.List("subjects"))
        {
            writer.Line(1, $"{subject.Text("kind")}\t{subject.Text("name")}\t{subject.Text("namespace")}");
        }

        yield break;
    }

    public static IEnumerable<Wait> DisruptionBudget(DescribeSession session, Doc value)
    {
        var writer = session.Writer;
        writer.Field(0, "Name", value.Text("metadata", "name"));
        writer.Field(0, "Namespace", value.Text("metadata", "namespace"));
        if (value.At("spec", "minAvailable") is { } min)
        {
            writer.Field(0, "Min available", min.AsText ?? min.ToString());
        }
        else if (value.At("spec", "maxUnavailable") is { } max)
        {
            writer.Field(0, "Max unavailable", max.AsText ?? max.ToString());
        }

        writer.Field(0, "Selector", value.At("spec", "selector") is { } selector ? SelectorText.Of(selector) : "<unset>");
        var status = value.At("status") ?? Doc.Empty;
        writer.Line(0, "Status:");
        writer.Field(2, "Allowed disruptions", $"{status.Int("disruptionsAllowed") ?? 0}");
        writer.Field(2, "Current", $"{status.Int("currentHealthy") ?? 0}");
        writer.Field(2, "Desired", $"{status.Int("desiredHealthy") ?? 0}");
        writer.Field(2, "Total", $"{status.Int("expectedPods") ?? 0}");
        yield return Wait.Call(session.DescribeEvents(value));
    }

    public static IEnumerable<Wait> PriorityClass(DescribeSession session, Doc value)
    {
        var writer = session.Writer;
        writer.Field(0, "Name", value.Text("metadata", "name"));
        writer.Field(0, "Value", $"{value.Int("value") ?? 0}");
        writer.Field(0, "GlobalDefault", value.Flag("globalDefault") == true ? "true" : "false");
        writer.Field(0, "PreemptionPolicy", value.Text("preemptionPolicy"));
        writer.Field(0, "Description", value.Text("description"));
        writer.Annotations("Annotations", value.At("metadata", "annotations"));
        yield return Wait.Call(session.DescribeEvents(value));
    }

    private static void Head(DescribeWriter writer, Doc value)
    {
        writer.Field(0, "Name", value.Text("metadata", "name"));
        writer.Labels("Labels", value.At("metadata", "labels"));
        writer.Annotations("Annotations", value.At("metadata", "annotations"));
    }

    // A row for each resource and each resource name, as kubectl breaks rules down.
    private static IEnumerable<(string Resource, string Urls, string Names, string Verbs)> RowsOf(Doc role)
    {
        foreach (var rule in role.List("rules"))
        {
            var verbs = Bracketed(rule, "verbs");
            foreach (var url in rule.List("nonResourceURLs"))
            {
                yield return ("", $"[{url.AsText}]", "[]", verbs);
            }

            foreach (var resource in rule.List("resources"))
            {
                foreach (var group in rule.List("apiGroups"))
                {
                    var name = group.AsText is { Length: > 0 } suffix ? $"{resource.AsText}.{suffix}" : resource.AsText ?? "";
                    if (rule.List("resourceNames") is { IsEmpty: false } names)
                    {
                        foreach (var each in names)
                        {
                            yield return (name, "[]", $"[{each.AsText}]", verbs);
                        }
                    }
                    else
                    {
                        yield return (name, "[]", "[]", verbs);
                    }
                }
            }
        }
    }

    private static string Bracketed(Doc rule, string field) => $"[{string.Join(' ', rule.List(field).Select(each => each.AsText))}]";
}
