using System.Security.Cryptography;
using System.Text;

namespace KubeLessons.Simulator.Network.KubeProxy;

/// <summary>
/// The names of kube-proxy's chains. A name has room for 28 letters, so that a Service stands in it as the first sixteen of a
/// hash: base32 (RFC 4648) of SHA-256 over "namespace/name:port", the protocol and, for an endpoint, its address.
/// </summary>
internal static class ChainNames
{
    public const string Services = "KUBE-SERVICES";
    public const string ExternalServices = "KUBE-EXTERNAL-SERVICES";
    public const string NodePorts = "KUBE-NODEPORTS";
    public const string PostRouting = "KUBE-POSTROUTING";
    public const string MarkMasquerade = "KUBE-MARK-MASQ";
    public const string MarkDrop = "KUBE-MARK-DROP";
    public const string Forward = "KUBE-FORWARD";
    public const string Firewall = "KUBE-FIREWALL";
    public const string ProxyFirewall = "KUBE-PROXY-FIREWALL";

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>KUBE-SVC: any endpoint of the Service.</summary>
    public static string Cluster(ProxiedPort port) => "KUBE-SVC-" + Hash(port);

    /// <summary>KUBE-SVL: the endpoints on this node.</summary>
    public static string Local(ProxiedPort port) => "KUBE-SVL-" + Hash(port);

    /// <summary>KUBE-EXT: traffic from outside.</summary>
    public static string External(ProxiedPort port) => "KUBE-EXT-" + Hash(port);

    /// <summary>KUBE-XLB: traffic from outside for externalTrafficPolicy Local, until 1.23.</summary>
    public static string LoadBalancer(ProxiedPort port) => "KUBE-XLB-" + Hash(port);

    /// <summary>KUBE-FW: loadBalancerSourceRanges.</summary>
    public static string SourceRanges(ProxiedPort port) => "KUBE-FW-" + Hash(port);

    /// <summary>KUBE-SEP: one endpoint.</summary>
    public static string Endpoint(ProxiedPort port, ProxiedEndpoint endpoint) => "KUBE-SEP-" + Hash(port, endpoint.Address);

    /// <summary>Whether a chain belongs to one Service, so that kube-proxy removes it when it no longer needs it.</summary>
    public static bool IsOfService(string chain) => chain.Length > 9 && chain.StartsWith("KUBE-", StringComparison.Ordinal) &&
        (chain[5..9] is "SVC-" or "SEP-" or "SVL-" or "EXT-" or "XLB-" || chain[5..8] == "FW-");

    private static string Hash(ProxiedPort port, string endpoint = "")
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(port.FullName + port.ProtocolName + endpoint));
        var letters = new char[16];
        for (var place = 0; place < 16; place++)
        {
            var bit = place * 5;
            var pair = bytes[bit / 8] << 8 | bytes[bit / 8 + 1];
            letters[place] = Alphabet[pair >> 11 - bit % 8 & 31];
        }
        return new(letters);
    }
}
