using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.Filtering;

namespace KubeLessons.Simulator.Clusters.Addons;

/// <summary>
/// flannel's own iptables rules (pkg/trafficmngr/iptables): what leaves the pod network takes the node's address, and what stays
/// within it is forwarded. flanneld looks after them and writes them again when somebody took one away.
/// </summary>
internal sealed class FlannelRules
{
    /// <summary>flanneld's --iptables-resync.</summary>
    private static readonly TimeSpan ResyncPeriod = TimeSpan.FromSeconds(5);

    private readonly Process _self;
    private readonly TimeSpan _from;
    private readonly string[] _masquerade;
    private readonly string[] _forward;
    private bool _checkPlanned;

    public FlannelRules(Process self, string network, Ipv4Prefix pods)
    {
        const string Masquerade = "-m comment --comment \"flanneld masq\"";
        const string Forward = "-m comment --comment \"flanneld forward\"";
        (_self, _from) = (self, self.World.Now);
        _masquerade =
        [
            $"-A FLANNEL-POSTRTG -m mark --mark 0x4000/0x4000 {Masquerade} -j RETURN",
            $"-A FLANNEL-POSTRTG -s {pods} -d {network} {Masquerade} -j RETURN",
            $"-A FLANNEL-POSTRTG -s {network} -d {pods} {Masquerade} -j RETURN",
            $"-A FLANNEL-POSTRTG ! -s {network} -d {pods} {Masquerade} -j RETURN",
            $"-A FLANNEL-POSTRTG -s {network} ! -d 224.0.0.0/4 {Masquerade} -j MASQUERADE --random-fully",
            $"-A FLANNEL-POSTRTG ! -s {network} -d {network} {Masquerade} -j MASQUERADE --random-fully",
        ];
        _forward =
        [
            $"-A FLANNEL-FWD -s {network} {Forward} -j ACCEPT",
            $"-A FLANNEL-FWD -d {network} {Forward} -j ACCEPT",
        ];
        Write();
        self.Network.Stack.Netfilter.ChainChanged += OnChange;
        self.OnExit(() => self.Network.Stack.Netfilter.ChainChanged -= OnChange);
    }

    private bool IsComplete =>
        HasChain("nat", "FLANNEL-POSTRTG", _masquerade.Length) && HasChain("filter", "FLANNEL-FWD", _forward.Length)
        && Rules("nat", "POSTROUTING").Contains("-j FLANNEL-POSTRTG", StringComparison.Ordinal)
        && Rules("filter", "FORWARD").Contains("-j FLANNEL-FWD", StringComparison.Ordinal);

    private bool HasChain(string table, string chain, int rules) => Rules(table, chain).Split("-A ").Length - 1 == rules;

    private string Rules(string table, string chain) => IptablesCommand.Run(_self.Network.Stack, ["-t", table, "-S", chain]).Output;

    // A tick at which nobody has touched a rule costs no turn.
    private void OnChange(string chain, string? rules)
    {
        if (_checkPlanned || chain is not ("nat/FLANNEL-POSTRTG" or "filter/FLANNEL-FWD" or "nat/POSTROUTING" or "filter/FORWARD"))
        {
            return;
        }

        _checkPlanned = true;
        var ticks = ((_self.World.Now - _from).Ticks / ResyncPeriod.Ticks) + 1;
        _self.After(_from + (ResyncPeriod * ticks) - _self.World.Now, () =>
        {
            if (!IsComplete)
            {
                Write();
            }

            _checkPlanned = false;
        });
    }

    private void Write()
    {
        var hasJump = Rules("nat", "POSTROUTING").Contains("-j FLANNEL-POSTRTG", StringComparison.Ordinal);
        var hasForward = Rules("filter", "FORWARD").Contains("-j FLANNEL-FWD", StringComparison.Ordinal);
        var wasPlanned = _checkPlanned;
        _checkPlanned = true;
        Restore("nat", "FLANNEL-POSTRTG", _masquerade, hasJump ? null : "-A POSTROUTING -m comment --comment \"flanneld masq\" -j FLANNEL-POSTRTG");
        Restore("filter", "FLANNEL-FWD", _forward, hasForward ? null : "-A FORWARD -m comment --comment \"flanneld forward\" -j FLANNEL-FWD");
        _checkPlanned = wasPlanned;
    }

    private void Restore(string table, string chain, string[] rules, string? jump)
    {
        var text = $"*{table}\n:{chain} - [0:0]\n{(jump is null ? "" : jump + "\n")}{string.Join('\n', rules)}\nCOMMIT\n";
        IptablesRestoreCommand.Run(_self.Network.Stack, ["--noflush"], text);
    }
}
