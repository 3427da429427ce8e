using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Pods;

/// <summary>What is filled into the spec of pods and of pod templates (pkg/apis/core/v1/defaults.go).</summary>
internal static class PodSpecDefaults
{
    private const int DefaultMode = 0x1A4; // 0644, printed as 420

    /// <summary>The defaults of a template: <c>metadata</c> and <c>spec</c>.</summary>
    public static Doc Template(Doc template, RuleScope scope) => template.In("spec", spec => Apply(spec, scope with { IsTemplate = true }));

    public static Doc Apply(Doc spec, RuleScope scope)
    {
        spec = spec
            .Or("restartPolicy", "Always")
            .Or("terminationGracePeriodSeconds", 30)
            .Or("dnsPolicy", "ClusterFirst")
            .Or("securityContext", Doc.Empty)
            .Or("schedulerName", "default-scheduler");
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
        return spec
            .Each("initContainers", container => Container(container, fillsHostPorts))
            .Each("containers", container => Container(container, fillsHostPorts))
            .Each("ephemeralContainers", container => Container(container, false))
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

    private static Doc Container(Doc container, bool fillsHostPorts)
    {
        container = container
            .Or("terminationMessagePath", "/dev/termination-log")
            .Or("terminationMessagePolicy", "File");
        if (container["imagePullPolicy"] is null)
        {
            container = container.With(PullPolicy(container.Text("image") ?? ""), "imagePullPolicy");
        }

        return container
            .Each("ports", fillsHostPorts ? HostPort : Port)
            .Each("env", EnvironmentVariable)
            .In("livenessProbe", Probe)
            .In("readinessProbe", Probe)
            .In("startupProbe", Probe)
            .In("lifecycle", static lifecycle => lifecycle
                .In("postStart", static hook => hook.In("httpGet", HttpGet))
                .In("preStop", static hook => hook.In("httpGet", HttpGet)));
    }

    private static Doc Port(Doc port) => port.Or("protocol", "TCP");

    private static Doc HostPort(Doc port) => port["containerPort"] is { } number ? Port(port).Or("hostPort", number) : Port(port);

    private static Doc EnvironmentVariable(Doc variable) =>
        variable.In("valueFrom", static source => source.In("fieldRef", FieldRef));

    private static Doc FieldRef(Doc reference) => reference.Or("apiVersion", "v1");

    private static Doc Probe(Doc probe) => probe
        .Or("timeoutSeconds", 1)
        .Or("periodSeconds", 10)
        .Or("successThreshold", 1)
        .Or("failureThreshold", 3)
        .In("httpGet", HttpGet)
        .In("grpc", static grpc => grpc.Or("service", ""));

    private static Doc HttpGet(Doc get) => get.Or("path", "/").Or("scheme", "HTTP");

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
            .In("hostPath", static source => source.Or("type", ""))
            .In("iscsi", static source => source.Or("iscsiInterface", "default"))
            .In("ephemeral", static source => source.In("volumeClaimTemplate", static claim => claim.In("spec", static spec => spec.Or("volumeMode", "Filesystem"))));
    }

    private static Doc Projection(Doc source) => source
        .In("serviceAccountToken", static token => token.Or("expirationSeconds", 3600))
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
