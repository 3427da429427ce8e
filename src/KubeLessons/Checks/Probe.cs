using System.Globalization;
using KubeLessons.Clusters;
using KubeLessons.Lessons;

namespace KubeLessons.Checks;

/// <summary>A try that a condition needs: the command for it, and the fact that its outcome becomes.</summary>
/// <param name="Fact">Where the outcome is kept.</param>
/// <param name="Node">The node that runs the command.</param>
/// <param name="Script">The command.</param>
public sealed record Probe(FactId Fact, string Node, string Script)
{
    /// <summary>A try gives up after this many seconds: long enough for a slow answer, short enough to repeat.</summary>
    public const int MaxSeconds = 5;

    // curl is asked to be verbose, because only then does it say why it could not connect: its exit code is 7 for a refused
    // connection as for a host without a route.

    /// <summary>The tries that a condition needs; none for all that watches report.</summary>
    public static IEnumerable<Probe> For(Condition condition, Variables variables, IReadOnlyList<NodeSpec> nodes, string stepNode)
    {
        string? controlPlane = nodes.FirstOrDefault(node => node.Role == NodeRole.ControlPlane)?.Name ?? nodes[0].Name;
        switch (condition)
        {
            case NotCondition not:
                return For(not.Inner, variables, nodes, stepNode);
            case HttpCondition http:
                var curl = $"curl -s -S -v -m {MaxSeconds} -w '\\n%{{http_code}}' '{variables.Substitute(http.Url).Text}'";
                return At(http.From, curl);
            case DnsCondition dns:
                return At(dns.From, $"nslookup '{variables.Substitute(dns.Name).Text}'");
            case PortCondition port:
                var target = port.Node.Resolve(variables, nodes) ?? port.Node.Text;
                return At(new Vantage(null, null), $"curl -s -S -v -m {MaxSeconds} -o /dev/null http://{target}:{port.Port}/");
            case ShellCondition sh:
                var on = sh.On?.Resolve(variables, nodes) ?? stepNode;
                return [new Probe(ProbeConditions.IdOf(condition, variables), on, sh.Command)];
            default:
                return [];
        }

        IEnumerable<Probe> At(Vantage from, string script)
        {
            var fact = ProbeConditions.IdOf(condition, variables);
            if (from.Pod is { Name: { } pod } selection)
            {
                var ns = selection.Namespace is { } named ? $" -n {variables.Substitute(named).Text}" : "";
                var quoted = script.Replace("'", "'\\''");
                return [new Probe(fact, controlPlane, $"kubectl exec{ns} {variables.Substitute(pod).Text} -- sh -c '{quoted}'")];
            }

            return [new Probe(fact, from.Node?.Resolve(variables, nodes) ?? controlPlane, script)];
        }
    }
}

/// <summary>How a try ended, as it is kept among the facts: the exit code, a line feed, and what was printed.</summary>
internal sealed record ProbeOutcome(int ExitCode, string Output)
{
    /// <summary>The status that curl's <c>%{http_code}</c> printed as the last line; 0 where there was none.</summary>
    public int HttpStatus =>
        int.TryParse(Output.TrimEnd().Split('\n')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0;

    /// <summary>Why no connection came about: curl's exit codes 7 (and its words) and 28, as well as wget's and nc's words.</summary>
    /// <remarks>Whatever else curl says of a port that speaks no HTTP, such as sshd's, a connection came about.</remarks>
    public ConnectFailure? Failure =>
        ExitCode == 0 ? null
        : Says("No route to host") || Says("Network is unreachable") || Says("Host is unreachable") ? ConnectFailure.NoRoute
        : ExitCode == 28 || Says("timed out") ? ConnectFailure.Timeout
        : ExitCode == 7 || Says("refused") || Says("Couldn't connect") ? ConnectFailure.Refused
        : null;

    /// <remarks>What a successful try said about its way (standard error) is no part of the answer.</remarks>
    public static string Write(CommandResult result) =>
        $"{result.ExitCode.ToString(CultureInfo.InvariantCulture)}\n{(result.ExitCode == 0 ? result.StandardOutput : result.Output)}";

    public static ProbeOutcome Read(string fact)
    {
        var end = fact.IndexOf('\n');
        return new ProbeOutcome(int.Parse(fact.AsSpan(0, end), CultureInfo.InvariantCulture), fact[(end + 1)..]);
    }

    private bool Says(string words) => Output.Contains(words, StringComparison.OrdinalIgnoreCase);
}
