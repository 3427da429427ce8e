using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Printing;

namespace KubeLessons.Simulator.Kubectl.Verbs.Create;

/// <summary><c>kubectl create namespace|serviceaccount|quota|priorityclass|poddisruptionbudget</c>.</summary>
internal static class SmallGenerators
{
    public static Command Namespace { get; } = new Generator(new("", "v1", "namespaces"), false, "", (_, name) =>
        MadeObjects.Object("Namespace", "v1", MadeObjects.Metadata(name), ("spec", Doc.Empty), ("status", Doc.Empty)))
        .Command("namespace", "NAME [--dry-run=server|client|none] [options]", "Create a namespace with the specified name", ["ns"]);

    public static Command ServiceAccount { get; } = new Generator(new("", "v1", "serviceaccounts"), true, "failed to create serviceaccount: ", (_, name) =>
        MadeObjects.Object("ServiceAccount", "v1", MadeObjects.Metadata(name)))
        .Command("serviceaccount", "NAME [--dry-run=server|client|none] [options]", "Create a service account with the specified name", ["sa"]);

    public static Command Quota { get; } = new Generator(new("", "v1", "resourcequotas"), true, "failed to create quota: ", MakeQuota).Command(
        "quota",
        "NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none] [options]",
        "Create a quota with the specified name",
        ["resourcequota"],
        FlagSpec.Text("hard"),
        FlagSpec.Text("scopes"));

    public static Command PriorityClass { get; } = new Generator(new("scheduling.k8s.io", "v1", "priorityclasses"), false, "failed to create priorityclass: ", MakePriorityClass).Command(
        "priorityclass",
        "NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none] [options]",
        "Create a priority class with the specified name",
        ["pc"],
        FlagSpec.Int("value"),
        FlagSpec.Switch("global-default"),
        FlagSpec.Text("description"),
        FlagSpec.Text("preemption-policy", value: "PreemptLowerPriority"));

    public static Command PodDisruptionBudget { get; } = new Generator(new("policy", "v1", "poddisruptionbudgets"), true, "failed to create poddisruptionbudgets: ", MakeBudget).Command(
        "poddisruptionbudget",
        "NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none] [options]",
        "Create a pod disruption budget with the specified name",
        ["pdb"],
        FlagSpec.Text("min-available"),
        FlagSpec.Text("max-unavailable"),
        FlagSpec.Text("selector"));

    private static Made MakeQuota(Invocation call, string name)
    {
        var hard = new DocObjectBuilder();
        foreach (var part in call.Flags.Text("hard").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var sides = part.Split('=');
            if (sides.Length != 2)
            {
                return Made.Fault($"invalid argument syntax {part}, expected <resource>=<value>");
            }

            if (!Quantity.TryParse(sides[1], out var amount))
            {
                return Made.Fault("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
            }

            hard.Set(sides[0], amount.ToString());
        }

        var scopes = call.Flags.Text("scopes").Split(',', StringSplitOptions.RemoveEmptyEntries);
        return MadeObjects.Object(
            "ResourceQuota",
            "v1",
            MadeObjects.Metadata(name),
            ("spec", Doc.Obj(("hard", hard.ToObject() is { Count: > 0 } limits ? limits : null), ("scopes", MadeObjects.Texts(scopes)))),
            ("status", Doc.Empty));
    }

    private static Made MakePriorityClass(Invocation call, string name)
    {
        var description = call.Flags.Text("description");
        return MadeObjects.Object(
            "PriorityClass",
            "scheduling.k8s.io/v1",
            MadeObjects.Metadata(name),
            ("value", call.Flags.Int("value")),
            ("globalDefault", call.Flags.Flag("global-default") ? true : null),
            ("description", description.Length > 0 ? description : null),
            ("preemptionPolicy", call.Flags.Text("preemption-policy")));
    }

    private static Made MakeBudget(Invocation call, string name)
    {
        var (min, max, selector) = (call.Flags.Text("min-available"), call.Flags.Text("max-unavailable"), call.Flags.Text("selector"));
        if (selector.Length == 0)
        {
            return Made.Fault("a selector must be specified");
        }

        if (min.Length == 0 && max.Length == 0)
        {
            return Made.Fault("one of min-available or max-unavailable must be specified");
        }

        if (min.Length > 0 && max.Length > 0)
        {
            return Made.Fault("min-available and max-unavailable cannot be both specified");
        }

        var labels = selector.Split(',').Select(part => part.Split('=', 2)).Where(sides => sides.Length == 2).Select(sides => KeyValuePair.Create(sides[0], sides[1].TrimStart('=')));
        return MadeObjects.Object(
            "PodDisruptionBudget",
            "policy/v1",
            MadeObjects.Metadata(name),
            ("spec", Doc.Obj(
                ("minAvailable", min.Length > 0 ? NumberOrText(min) : null),
                ("selector", Doc.Obj(("matchLabels", Doc.Map(labels)))),
                ("maxUnavailable", max.Length > 0 ? NumberOrText(max) : null))),
            ("status", Doc.Obj(("disruptionsAllowed", 0), ("currentHealthy", 0), ("desiredHealthy", 0), ("expectedPods", 0))));
    }

    private static Doc NumberOrText(string text) => long.TryParse(text, out var number) ? number : text;
}
