using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using CliWrap;
using CliWrap.Buffered;
using KubeLessons.Clusters;
using KubeLessons.RealCluster.Api;

namespace KubeLessons.RealCluster.Nodes;

/// <summary>
/// A privileged pod on each node, from which nsenter goes into the namespaces of the node's process 1. It needs no login on the node, but
/// the kubelet: what stops the kubelet cannot be undone on this way, so such steps are left out.
/// </summary>
internal sealed class DebugPodAccess(Kubeconfig kubeconfig) : INodeAccess
{
    private const string Namespace = "kubelessons-nodes";
    private const string Image = "busybox";
    private static readonly TimeSpan ReadyAtMost = TimeSpan.FromSeconds(90);

    private readonly string _file = WriteKubeconfig(kubeconfig);
    private readonly ConcurrentDictionary<string, string> _pods = new(StringComparer.Ordinal);

    public string Name => "nsenter";

    public bool OutlivesKubelet => false;

    public CommandLine CommandFor(string address, string script) => new(
        "kubectl",
        ["--kubeconfig", _file, "-n", Namespace, "exec", PodOf(address), "--", "nsenter", "-t", "1", "-m", "-u", "-i", "-n", "-p", "--", "bash", "-c", script]);

    public async Task PrepareAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellation)
    {
        var manifest = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "List",
            ["items"] = new JsonArray([NamespaceObject(), .. addresses.Select(address => (JsonNode?)Pod(address))]),
        };
        await KubectlAsync(["apply", "-f", "-"], manifest.ToJsonString(), cancellation).ConfigureAwait(false);
        await KubectlAsync(
            ["-n", Namespace, "wait", "--for=condition=Ready", "pod", "--all", $"--timeout={ReadyAtMost.TotalSeconds:0}s"], "", cancellation).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await KubectlAsync(["delete", "namespace", Namespace, "--ignore-not-found", "--wait=false"], "", CancellationToken.None).ConfigureAwait(false);
        }
        catch (ClusterUnavailableException)
        {
            // The namespace bears the tool's name; whoever finds it knows whose it is.
        }
        finally
        {
            File.Delete(_file);
        }
    }

    private static JsonObject NamespaceObject() => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = new JsonObject
        {
            ["name"] = Namespace,
            ["labels"] = new JsonObject { ["pod-security.kubernetes.io/enforce"] = "privileged" },
        },
    };

    private JsonObject Pod(string node) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["name"] = PodOf(node), ["namespace"] = Namespace },
        ["spec"] = new JsonObject
        {
            ["nodeName"] = node,
            ["hostPID"] = true,
            ["hostNetwork"] = true,
            ["restartPolicy"] = "Always",
            ["terminationGracePeriodSeconds"] = 0,
            ["tolerations"] = new JsonArray(new JsonObject { ["operator"] = "Exists" }),
            ["containers"] = new JsonArray(new JsonObject
            {
                ["name"] = "node",
                ["image"] = Image,
                ["command"] = new JsonArray("sleep", "86400"),
                ["securityContext"] = new JsonObject { ["privileged"] = true },
            }),
        },
    };

    private static string WriteKubeconfig(Kubeconfig kubeconfig)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, kubeconfig.Json, new UTF8Encoding(false));
        return file;
    }

    private string PodOf(string address) => _pods.GetOrAdd(address, name => "node-" + name.ToLowerInvariant());

    private async Task KubectlAsync(IReadOnlyList<string> arguments, string input, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ReadyAtMost + TimeSpan.FromSeconds(10));
        var result = await CliWrap.Cli.Wrap("kubectl").WithArguments(["--kubeconfig", _file, .. arguments])
            .WithStandardInputPipe(PipeSource.FromString(input)).WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(limit.Token).ConfigureAwait(false);
        if (result.ExitCode != 0)
        {
            throw new ClusterUnavailableException($"kubectl {arguments[0]} failed on the way to the nodes: {result.StandardError.Trim().Split('\n')[0]}");
        }
    }
}
