using System.Diagnostics;
using KubeLessons.Clusters;
using KubeLessons.RealCluster;

namespace KubeLessons.EndToEnd.Tests.Kit;

/// <summary>
/// A real cluster to test with, which somebody has brought up: the folder in KUBELESSONS_REAL_HOME holds its kubeconfig, its ssh_config and
/// bin/kubectl. Without it the tests are skipped, and say so.
/// </summary>
internal sealed class RealKit
{
    public const string Variable = "KUBELESSONS_REAL_HOME";

    private RealKit(string home) => Home = home;

    public string Home { get; }

    public string Kubeconfig => Path.Combine(Home, "kubeconfig");

    public string SshConfig => Path.Combine(Home, "ssh_config");

    public string Kubectl => Path.Combine(Home, "bin", "kubectl");

    /// <summary>The kit, or the end of the test.</summary>
    public static RealKit Find()
    {
        var home = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(home), $"No real cluster is up: {Variable} names none (KUBELESSONS_REAL=1 .ci/run brings one up).");
        return new RealKit(home!);
    }

    public RealClusterOptions Options(string stateFolder) => new()
    {
        Kubeconfig = Kubeconfig,
        SshConfig = SshConfig,
        Via = NodesVia.Ssh,
        AllowChanges = true,
        StateFolder = stateFolder,
    };

    public Task<ICluster> OpenAsync(string stateFolder, ClusterRequest request, CancellationToken cancellation) =>
        RealClusters.OpenAsync(Options(stateFolder), request, cancellation);

    /// <summary>What a command on a node prints.</summary>
    public string On(string node, string script) => Print("ssh", "-F", SshConfig, node, script);

    public string KubectlPrints(params string[] arguments) => Print(Kubectl, ["--kubeconfig", Kubeconfig, .. arguments]);

    private static string Print(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}: {error.Result}");
        return output;
    }
}
