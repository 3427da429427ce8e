using System.Globalization;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Tables;

/// <summary>The cells of the many kinds that need only a line or two.</summary>
internal static class ClusterCells
{
    public static Doc[] Namespace(Doc value, CellContext context) =>
        [Cells.Name(value), value.Text("status", "phase") ?? "", context.Age(value)];

    public static Doc[] Secret(Doc value, CellContext context) =>
        [Cells.Name(value), value.Text("type") ?? "", Count(value["data"]), context.Age(value)];

    public static Doc[] ConfigMap(Doc value, CellContext context) =>
        [Cells.Name(value), (Cells.CountOf(value["data"]) + Cells.CountOf(value["binaryData"])).ToString(CultureInfo.InvariantCulture), context.Age(value)];

    public static Doc[] ServiceAccount(Doc value, CellContext context) =>
        [Cells.Name(value), value.List("secrets").Length.ToString(CultureInfo.InvariantCulture), context.Age(value)];

    public static Doc[] ComponentStatus(Doc value, CellContext context)
    {
        var healthy = value.List("conditions").FirstOrDefault(condition => condition.Text("type") == "Healthy");
        return
        [
            Cells.Name(value),
            healthy?.Text("status") switch { "True" => "Healthy", "False" => "Unhealthy", _ => "Unknown" },
            healthy?.Text("message") ?? "",
            healthy?.Text("error") ?? "",
        ];
    }

    public static Doc[] Lease(Doc value, CellContext context) =>
        [Cells.Name(value), value.Text("spec", "holderIdentity") ?? "", context.Age(value)];

    public static Doc[] PriorityClass(Doc value, CellContext context) =>
        [Cells.Name(value), value.Int("value") ?? 0, value.Flag("globalDefault") ?? false, context.Age(value)];

    public static Doc[] RuntimeClass(Doc value, CellContext context) => [Cells.Name(value), value.Text("handler") ?? "", context.Age(value)];

    public static Doc[] WebhookConfiguration(Doc value, CellContext context) =>
        [Cells.Name(value), value.List("webhooks").Length, context.Age(value)];

    public static Doc[] ResourceQuota(Doc value, CellContext context)
    {
        var hard = (value.At("status", "hard")?.Fields ?? []).OrderBy(field => field.Key, StringComparer.Ordinal).ToList();
        return [Cells.Name(value), context.Age(value), Pairs(isLimit: false), Pairs(isLimit: true)];

        string Pairs(bool isLimit) => string.Join(", ", hard
            .Where(field => field.Key.StartsWith("limits", StringComparison.Ordinal) == isLimit)
            .Select(field => $"{field.Key}: {value.Text("status", "used", field.Key)}/{field.Value.AsText}"));
    }

    public static Doc[] PodDisruptionBudget(Doc value, CellContext context) =>
    [
        Cells.Name(value),
        Plain(value.At("spec", "minAvailable")) ?? "N/A",
        Plain(value.At("spec", "maxUnavailable")) ?? "N/A",
        value.Int("status", "disruptionsAllowed") ?? 0,
        context.Age(value),
    ];

    public static Doc[] HorizontalPodAutoscaler(Doc value, CellContext context)
    {
        var target = value.At("spec", "scaleTargetRef");
        return
        [
            Cells.Name(value),
            $"{target?.Text("kind")}/{target?.Text("name")}",
            Targets(value, context.Minor),
            (value.Int("spec", "minReplicas") is { } least ? (Doc)least.ToString(CultureInfo.InvariantCulture) : "<unset>"),
            (value.Int("spec", "maxReplicas") ?? 0).ToString(CultureInfo.InvariantCulture),
            (value.Int("status", "currentReplicas") ?? 0).ToString(CultureInfo.InvariantCulture),
            context.Age(value),
        ];
    }

    public static Doc[] CertificateSigningRequest(Doc value, CellContext context)
    {
        var types = value.List("status", "conditions").Select(each => each.Text("type")).ToHashSet();
        var condition = types.Contains("Denied") ? "Denied" : types.Contains("Approved") ? "Approved" : "Pending";
        condition += types.Contains("Failed") ? ",Failed" : value.Text("status", "certificate") is { Length: > 0 } ? ",Issued" : "";
        var seconds = value.Int("spec", "expirationSeconds");
        return
        [
            Cells.Name(value),
            context.Age(value),
            Cells.OrNone(value.Text("spec", "signerName")),
            value.Text("spec", "username") ?? "",
            seconds is { } asked ? HumanDuration.Of(TimeSpan.FromSeconds(asked)) : Cells.None,
            condition,
        ];
    }

    public static Doc[] RoleBinding(Doc value, CellContext context) =>
    [
        Cells.Name(value),
        $"{value.Text("roleRef", "kind")}/{value.Text("roleRef", "name")}",
        context.Age(value),
        Subjects(value, "User"),
        Subjects(value, "Group"),
        string.Join(", ", value.List("subjects").Where(each => each.Text("kind") == "ServiceAccount").Select(each => $"{each.Text("namespace")}/{each.Text("name")}")),
    ];

    private static string Subjects(Doc value, string kind) =>
        string.Join(", ", value.List("subjects").Where(each => each.Text("kind") == kind).Select(each => each.Text("name")));

    private static string Targets(Doc value, int minor)
    {
        var metrics = value.List("spec", "metrics");
        if (metrics.IsEmpty)
        {
            return value.Int("spec", "targetCPUUtilizationPercentage") is { } wanted ? $"<unknown>/{wanted}%" : Cells.None;
        }

        return string.Join(", ", metrics.Select((metric, index) =>
        {
            var name = metric.Text("resource", "name") ?? "";
            var status = value.List("status", "currentMetrics") is var current && index < current.Length ? current[index] : null;
            var (now, goal) = metric.Int("resource", "target", "averageUtilization") is { } percent
                ? (status?.Int("resource", "current", "averageUtilization") is { } used ? $"{used}%" : Cells.Unknown, $"{percent}%")
                : (status?.Text("resource", "current", "averageValue") ?? Cells.Unknown, metric.Text("resource", "target", "averageValue") ?? Cells.Unknown);
            return minor >= 30 && name.Length > 0 ? $"{name}: {now}/{goal}" : $"{now}/{goal}";
        }));
    }

    private static string Count(Doc? map) => Cells.CountOf(map).ToString(CultureInfo.InvariantCulture);

    private static string? Plain(Doc? value) => value is null ? null : value.AsText ?? value.ToString();
}
