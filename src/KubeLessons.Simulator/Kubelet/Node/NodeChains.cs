using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.KubeProxy;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet.Node;

/// <summary>
/// The kubelet's own chains in the node's tables (pkg/kubelet: initNetworkUtil): made at its start, and anew when somebody flushed
/// the tables, which it notices by a canary chain that it looks for once a minute.
/// </summary>
internal sealed class NodeChains(Process self, KubernetesVersion version)
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMinutes(1);

    private TimeSpan _from;
    private bool _isWriting;
    private bool _isPlanned;

    private NetworkNamespace Node => self.Network.Stack;

    public void Start()
    {
        _from = self.World.Now;
        Ensure();
        Node.Netfilter.ChainChanged += OnChainChanged;
        self.OnExit(() => Node.Netfilter.ChainChanged -= OnChainChanged);
    }

    private void Ensure()
    {
        _isWriting = true;
        ProxyTables.EnsureKubeletRules(Node, version.Minor);
        ProxyTables.EnsureCanaries(Node, ProxyTables.KubeletCanary);
        _isWriting = false;
    }

    private void OnChainChanged(string chain, string? rules)
    {
        if (rules is null && chain == "mangle/" + ProxyTables.KubeletCanary && !_isWriting && !_isPlanned && !self.HasExited)
        {
            _isPlanned = true;
            var passed = self.World.Now - _from;
            self.After((LookPeriod * (Math.Floor(passed / LookPeriod) + 1)) - passed, Look);
        }
    }

    private void Look()
    {
        _isPlanned = false;
        if (!ProxyTables.HasCanary(Node, ProxyTables.KubeletCanary))
        {
            Ensure();
        }
    }
}
