using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Pods;

/// <summary>What is filled into the spec of pods and of pod templates (pkg/apis/core/v1/defaults.go).</summary>
internal static class PodSpecDefaults
{
    // Values that are the same in every pod, made once.
    private static readonly Doc Always = "Always";
    private static readonly Doc IfNotPresent = "IfNotPresent";
    private static readonly Doc ClusterFirst = "ClusterFirst";
    private static readonly Doc DefaultScheduler = "default-scheduler";
    private static readonly Doc GraceSeconds = 30;
    private static readonly Doc TerminationLog = "/dev/termination-log";
    private static readonly Doc File = "File";
    private static readonly Doc Tcp = "TCP";
    private static readonly Doc V1 = "v1";
    private static readonly Doc One = 1;
    private static readonly Doc Three = 3;
    private static readonly Doc Ten = 10;
    private static readonly Doc Slash = "/";
    private static readonly Doc Http = "HTTP";
    private static readonly Doc Nothing = "";

    /// <summary>0644, printed as 420.</summary>
    private static readonly Doc DefaultMode = 0x1A4;

    private static readonly Doc TokenSeconds = 3600;

    /// <summary>The defaults of a template: <c>metadata</c> and <c>spec</c>.</summary>
    public static Doc Template(Doc template, RuleScope scope) => template.In("spec", spec => Apply(spec, scope with { IsTemplate = true }));

    public static Doc Apply(Doc spec, RuleScope scope)
    {
        spec = spec
            .Or("restartPolicy", Always)
            .Or("terminationGracePeriodSeconds", GraceSeconds)
            .Or("dnsPolicy", ClusterFirst)
            .Or("securityContext", Doc.Empty)
            .Or("schedulerName", DefaultScheduler);
        if (spec["serviceAccountName"] is { } account)
        {
            spec = spec.With(account, "serviceAccount");
        }
        else if (spec["serviceAccount"] is { } old)
        {
            spec = spec.With(old, "serviceAccountName");
        }

        // Host ports of host-network pods; in templates until 1.27 (DefaultHostNetworkHostPortsInPodTemplates).
        var fillsHostPorts = spec.Flag("hostNetwork") == true && (!scope.IsTemplate || scope.Minor < 28);
        Func<Doc, Doc> container = fillsHostPorts ? HostContainer : PlainContainer;
        return spec
            .Each("initContainers", container)
            .Each("containers", container)
            .Each("ephemeralContainers", PlainContainer)
            .Each("volumes", Volume);
    }

    /// <summary>Until 1.33 and since: the image's tag decides when it is pulled.</summary>
    public static string PullPolicy(string image)
    {
        var name = image[(image.LastIndexOf('/') + 1)..];
        if (name.Contains('@', StringComparison.Ordinal))
        {
            return "IfNotPresent";
        }

        var colon = name.LastIndexOf(':');
        return colon < 0 || name[(colon + 1)..] == "latest" ? "Always" : "IfNotPresent";
    }

    private static Doc HostContainer(Doc container) => Container(container, HostPort);

    private static Doc PlainContainer(Doc container) => Container(container, Port);

    private static Doc Container(Doc container, Func<Doc, Doc> port)
    {
        container = container
            .Or("terminationMessagePath", TerminationLog)
            .Or("terminationMessagePolicy", File);
        if (container["imagePullPolicy"] is null)
        {
            container = container.With(PullPolicy(container.Text("image") ?? "") == "Always" ? Always : IfNotPresent, "imagePullPolicy");
        }

        return container
            .Each("ports", port)
            .Each("env", EnvironmentVariable)
            .In("livenessProbe", Probe)
            .In("readinessProbe", Probe)
            .In("startupProbe", Probe)
            .In("lifecycle", static lifecycle => lifecycle
                .In("postStart", static hook => hook.In("httpGet", HttpGet))
                .In("preStop", static hook => hook.In("httpGet", HttpGet)));
    }

    private static Doc Port(Doc port) => port.Or("protocol", Tcp);

    private static Doc HostPort(Doc port) => port["containerPort"] is { } number ? Port(port).Or("hostPort", number) : Port(port);

    private static Doc EnvironmentVariable(Doc variable) =>
        variable.In("valueFrom", static source => source.In("fieldRef", FieldRef));

    private static Doc FieldRef(Doc reference) => reference.Or("apiVersion", V1);

    private static Doc Probe(Doc probe) => probe
        .Or("timeoutSeconds", One)
        .Or("periodSeconds", Ten)
        .Or("successThreshold", One)
        .Or("failureThreshold", Three)
        .In("httpGet", HttpGet)
        .In("grpc", static grpc => grpc.Or("service", Nothing));

    private static Doc HttpGet(Doc get) => get.Or("path", Slash).Or("scheme", Http);

    private static Doc Volume(Doc volume)
    {
        if (volume is DocObject { Count: 1 } && volume["name"] is not null)
        {
            return volume.With(Doc.Empty, "emptyDir");
        }

        return volume
            .In("secret", static source => source.Or("defaultMode", DefaultMode))
            .In("configMap", static source => source.Or("defaultMode", DefaultMode))
            .In("downwardAPI", static source => source.Or("defaultMode", DefaultMode).Each("items", DownwardItem))
            .In("projected", static source => source.Or("defaultMode", DefaultMode).Each("sources", Projection))
            .In("hostPath", static source => source.Or("type", Nothing))
            .In("iscsi", static source => source.Or("iscsiInterface", "default"))
            .In("ephemeral", static source => source.In("volumeClaimTemplate", static claim => claim.In("spec", static spec => spec.Or("volumeMode", "Filesystem"))));
    }

    private static Doc Projection(Doc source) => source
        .In("serviceAccountToken", static token => token.Or("expirationSeconds", TokenSeconds))
        .In("downwardAPI", static downward => downward.Each("items", DownwardItem));

    private static Doc DownwardItem(Doc item) => item.In("fieldRef", FieldRef);
}

/// <summary>What defaulting and checks of a pod's spec depend on besides the spec.</summary>
/// <param name="Minor">The advertised minor version.</param>
/// <param name="IsTemplate">It is a workload's template, no pod.</param>
internal readonly record struct RuleScope(int Minor, bool IsTemplate = false)
{
    public static RuleScope Of(Kinds.RuleContext context) => new(context.Version.Minor);
}
