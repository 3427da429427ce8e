using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Kubelet.Runtime;

/// <summary>
/// The addresses of one node's pods as the host-local IPAM plugin hands them out: the next free one after the last that was
/// given, the first being .2 (the bridge has .1), starting over at the end of the range.
/// </summary>
public sealed class HostLocalAddresses(Ipv4Prefix podCidr)
{
    private readonly Dictionary<string, Ipv4Address> _byOwner = new(StringComparer.Ordinal);
    private readonly HashSet<Ipv4Address> _taken = [];
    private uint _last = 1;

    public Ipv4Prefix PodCidr => podCidr;

    /// <summary>An address for a sandbox; null with the plugin's words when the range is used up.</summary>
    public (Ipv4Address? Address, string? Error) Reserve(string owner)
    {
        var size = 1u << (32 - podCidr.Length);
        for (var i = 0u; i < size; i++)
        {
            _last = _last + 1 >= size - 1 ? 2 : _last + 1;
            var address = podCidr.Host(_last);
            if (_taken.Add(address))
            {
                _byOwner[owner] = address;
                return (address, null);
            }
        }

        return (null, $"failed to allocate for range 0: no IP addresses available in range set: {podCidr.Host(1)}-{podCidr.Host(size - 2)}");
    }

    public void Release(string owner)
    {
        if (_byOwner.Remove(owner, out var address))
        {
            _taken.Remove(address);
        }
    }
}
