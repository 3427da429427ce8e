using System.Globalization;
using System.Text;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using k8s;
using k8s.Models;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.RealCluster.Api;
using KubeLessons.RealCluster.Nodes;
using KubeLessons.RealCluster.Observation;
using KubeLessons.RealCluster.Safety;
using KubeLessons.Texts;

namespace KubeLessons.RealCluster.Doctoring;

/// <summary>Looks whether lessons can run on a real cluster: the way there, the rights, the nodes, the clocks. It changes nothing but what an earlier run left behind.</summary>
public static class Doctor
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(1);

    // What lessons do: verb, group, resource.
    private static readonly (string Verb, string Group, string Resource)[] Rights =
    [
        ("list", "", "nodes"), ("patch", "", "nodes"), ("watch", "", "pods"), ("create", "", "pods"), ("delete", "", "pods"), ("create", "", "services"),
        ("create", "", "namespaces"), ("watch", "", "events"), ("create", "apps", "deployments"), ("delete", "apps", "deployments"), ("patch", "apps", "daemonsets"),
    ];

    /// <summary>Marks a context as a lab, so that a person at the terminal may allow changes to it. The context's server, or null where there is none such.</summary>
    public static async Task<string> MarkLabAsync(RealClusterOptions options, CancellationToken cancellation)
    {
        var kubeconfig = await Kubeconfig.ReadAsync(options, cancellation).ConfigureAwait(false);
        new LabMarks(options.StateFolder).Add(kubeconfig.Context, kubeconfig.Server);
        return kubeconfig.Server;
    }

    /// <summary>Whether an earlier run was cut off, or one goes on right now.</summary>
    public static bool HasJournals(string stateFolder) => Journal.AnyIn(stateFolder);

    /// <summary>Everything that was found, and what the cluster has (null where it was not reached).</summary>
    public static async Task<(IReadOnlyList<Diagnosis> Findings, ClusterDescription? Cluster)> ExamineAsync(
        RealClusterOptions options, CancellationToken cancellation)
    {
        var findings = new List<Diagnosis>();
        try
        {
            var client = await KubectlVersionAsync(cancellation).ConfigureAwait(false);
            var kubeconfig = await Kubeconfig.ReadAsync(options, cancellation).ConfigureAwait(false);
            findings.Add(new Diagnosis("context", DiagnosisStanding.Well, Message.Of("real.cluster", kubeconfig.Context, kubeconfig.Server)));
            findings.Add(new LabMarks(options.StateFolder).Has(kubeconfig.Context, kubeconfig.Server)
                ? new Diagnosis("lab", DiagnosisStanding.Well, Message.Of("real.isLab"))
                : new Diagnosis("lab", DiagnosisStanding.Doubtful, Message.Of("real.isNoLab"), Message.Of("real.markLab", kubeconfig.Context)));
            await RecoverAsync(options, findings, cancellation).ConfigureAwait(false);
            await using var reached = await Reached.ConnectAsync(kubeconfig, options, ClusterSpec.Standard.Nodes, cancellation).ConfigureAwait(false);
            findings.Add(new Diagnosis("api", DiagnosisStanding.Well, Message.Of("real.apiAnswers", reached.Version.ToString())));
            findings.Add(Skew(client, reached.Version));
            await LookAtRightsAsync(reached, findings, cancellation).ConfigureAwait(false);
            return (findings, await LookAtNodesAsync(reached, findings, cancellation).ConfigureAwait(false));
        }
        catch (Exception fault) when (fault is ClusterUnavailableException or ApiFault)
        {
            findings.Add(new Diagnosis("api", DiagnosisStanding.Ill, Message.Of("real.verbatim", fault.Message), Message.Of("real.tryKubectl")));
            return (findings, null);
        }
    }

    // Kubernetes supports a kubectl that is within one minor version of the server (kubernetes.io/releases/version-skew-policy).
    private static Diagnosis Skew(KubernetesVersion? client, KubernetesVersion server) =>
        client is not { } version ? new Diagnosis("kubectl", DiagnosisStanding.Doubtful, Message.Of("real.kubectlUnknown"))
        : Math.Abs(version.Minor - server.Minor) <= 1 ? new Diagnosis("kubectl", DiagnosisStanding.Well, Message.Of("real.kubectlFits", version.ToString()))
        : new Diagnosis(
            "kubectl", DiagnosisStanding.Doubtful, Message.Of("real.kubectlSkew", version.ToString(), server.ToString()), Message.Of("real.kubectlMend", server.ToString()));

    private static async Task RecoverAsync(RealClusterOptions options, List<Diagnosis> findings, CancellationToken cancellation)
    {
        try
        {
            await Recovery.RunAsync(options, cancellation).ConfigureAwait(false);
        }
        catch (ClusterUnavailableException fault)
        {
            findings.Add(new Diagnosis("journal", DiagnosisStanding.Ill, Message.Of("real.verbatim", fault.Message), Message.Of("real.journalMend")));
        }
    }

    private static async Task LookAtRightsAsync(Reached reached, List<Diagnosis> findings, CancellationToken cancellation)
    {
        var denied = new List<string>();
        foreach (var (verb, group, resource) in Rights)
        {
            var review = new V1SelfSubjectAccessReview
            {
                Spec = new V1SelfSubjectAccessReviewSpec { ResourceAttributes = new V1ResourceAttributes { Verb = verb, Group = group, Resource = resource, NamespaceProperty = "" } },
            };
            try
            {
                var answer = await reached.Api.Client.AuthorizationV1.CreateSelfSubjectAccessReviewAsync(review, cancellationToken: cancellation).ConfigureAwait(false);
                if (!answer.Status.Allowed)
                {
                    denied.Add($"{verb} {resource}");
                }
            }
            catch (Exception fault) when (fault is k8s.Autorest.HttpOperationException || ApiConnection.IsUnreachable(fault))
            {
                denied.Add($"{verb} {resource} ({fault.Message})");
            }
        }

        findings.Add(denied.Count == 0
            ? new Diagnosis("rights", DiagnosisStanding.Well, Message.Of("real.rightsThere", Rights.Length))
            : new Diagnosis("rights", DiagnosisStanding.Ill, Message.Of("real.rightsMissing", string.Join(", ", denied)), Message.Of("real.rightsMend")));
    }

    private static async Task<ClusterDescription?> LookAtNodesAsync(Reached reached, List<Diagnosis> findings, CancellationToken cancellation)
    {
        var states = new Dictionary<string, HostState>(StringComparer.Ordinal);
        var reachable = new List<MappedNode>();
        foreach (var node in reached.Nodes)
        {
            var about = $"node/{node.LessonName}";
            var name = node.LessonName == node.ClusterName ? node.ClusterName : $"{node.LessonName} ({node.ClusterName})";
            var sent = reached.Api.Clock.Here;
            if (await reached.Shell.LookAsync(node.Address, "date +%s.%N", cancellation).ConfigureAwait(false) is not { } date
                || HostState.Parse(await reached.Shell.LookAsync(node.Address, HostState.Script, cancellation).ConfigureAwait(false)) is not { } state)
            {
                findings.Add(new Diagnosis(
                    about,
                    DiagnosisStanding.Ill,
                    Message.Of("real.nodeFar", name, reached.Shell.Access.Name, node.Address),
                    Message.Of("real.nodeMend", node.LessonName, node.ClusterName)));
                continue;
            }

            var middle = sent + ((reached.Api.Clock.Here - sent) / 2);
            var skew = TimeSpan.FromSeconds(double.Parse(date.Trim(), CultureInfo.InvariantCulture)) - (middle - DateTimeOffset.UnixEpoch);
            states[node.LessonName] = state;
            reachable.Add(node);
            findings.Add(skew.Duration() <= ClockTolerance
                ? new Diagnosis(about, DiagnosisStanding.Well, Message.Of("real.nodeNear", name, reached.Shell.Access.Name))
                : new Diagnosis(about, DiagnosisStanding.Doubtful, Message.Of("real.nodeClock", name, Seconds(skew)), Message.Of("real.clockMend")));
        }

        reached.Api.Clock.Settle();
        findings.Add(reached.Api.Clock.Skew.Duration() <= ClockTolerance
            ? new Diagnosis("clock", DiagnosisStanding.Well, Message.Of("real.clockFits", Seconds(reached.Api.Clock.Skew)))
            : new Diagnosis("clock", DiagnosisStanding.Doubtful, Message.Of("real.clockOff", Seconds(reached.Api.Clock.Skew)), Message.Of("real.clockMend")));
        if (reachable.Count < reached.Nodes.Length || reachable.Count == 0)
        {
            return null;
        }

        return new ClusterDescription(
            ClusterKind.Real,
            reached.Api.Kubeconfig.Context,
            reached.Version,
            null,
            [.. reached.Nodes.Select(node => new NodeSpec(node.LessonName, node.Role))],
            await ClusterDurations.ReadAsync(reached, cancellation).ConfigureAwait(false))
        {
            Inventory = await InventoryReader.ReadAsync(reached.Api, reached.Shell, reached.Nodes, states, cancellation).ConfigureAwait(false),
        };
    }

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";

    private static async Task<KubernetesVersion?> KubectlVersionAsync(CancellationToken cancellation)
    {
        try
        {
            var result = await CliWrap.Cli.Wrap("kubectl").WithArguments(["version", "--client", "-o", "json"]).WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(Encoding.UTF8, cancellation).ConfigureAwait(false);
            using var document = JsonDocument.Parse(result.StandardOutput);
            var said = document.RootElement.GetProperty("clientVersion").GetProperty("gitVersion").GetString() ?? "";
            return KubernetesVersion.TryParse(string.Join('.', said.TrimStart('v').Split('.').Take(2)), out var version) ? version : null;
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
