using System.Text;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using KubeLessons.Clusters;

namespace KubeLessons.RealCluster.Api;

/// <summary>A context as the user's kubectl resolves it, with all that is needed to reach its cluster.</summary>
/// <param name="Context">The context's name.</param>
/// <param name="Server">The API server's address.</param>
/// <param name="Json">The kubeconfig, holding this context alone and no reference to other files.</param>
internal sealed record Kubeconfig(string Context, string Server, string Json)
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(10);

    /// <summary>Asks kubectl, because its rules (KUBECONFIG with several files, merging, relative paths) are the ones that count.</summary>
    public static async Task<Kubeconfig> ReadAsync(RealClusterOptions options, CancellationToken cancellation)
    {
        List<string> arguments = ["config", "view", "--raw", "--minify", "--flatten", "-o", "json"];
        if (options.Kubeconfig is { } file)
        {
            arguments.AddRange(["--kubeconfig", file]);
            if (!File.Exists(file))
            {
                throw new ClusterUnavailableException($"there is no kubeconfig {file}");
            }
        }

        if (options.Context is { } context)
        {
            arguments.AddRange(["--context", context]);
        }

        using var atMost = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        atMost.CancelAfter(AtMost);
        BufferedCommandResult result;
        try
        {
            result = await CliWrap.Cli.Wrap("kubectl").WithArguments(arguments).WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(Encoding.UTF8, atMost.Token).ConfigureAwait(false);
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            throw new ClusterUnavailableException("kubectl is not installed, or not on the PATH; a real cluster is used through it", fault);
        }
        catch (OperationCanceledException fault) when (!cancellation.IsCancellationRequested)
        {
            throw new ClusterUnavailableException("kubectl config view did not answer in time", fault);
        }

        return result.ExitCode == 0
            ? Parse(result.StandardOutput)
            : throw new ClusterUnavailableException($"kubectl finds no such context: {FirstLine(result.StandardError)}");
    }

    internal static Kubeconfig Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var name = root.TryGetProperty("current-context", out var current) ? current.GetString() ?? "" : "";
        var server = root.TryGetProperty("clusters", out var clusters) && clusters.ValueKind == JsonValueKind.Array && clusters.GetArrayLength() > 0
            ? clusters[0].GetProperty("cluster").GetProperty("server").GetString() ?? ""
            : "";
        return name.Length > 0 && server.Length > 0
            ? new Kubeconfig(name, server, json)
            : throw new ClusterUnavailableException("kubectl has no current context; choose one with --context or --kubeconfig");
    }

    private static string FirstLine(string text) => text.Trim().Split('\n')[0];
}
