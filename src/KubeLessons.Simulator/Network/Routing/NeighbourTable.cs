namespace KubeLessons.Simulator.Network;

/// <summary>States of a neighbour as `ip neigh` names them.</summary>
public enum NeighbourState
{
    Reachable,
    Stale,
    Delay,
    Failed,
    Permanent,
}

/// <summary>What a host knows about one address on one link.</summary>
public sealed class Neighbour
{
    internal Neighbour(NetworkInterface device, Ipv4Address ip) => (Device, Ip) = (device, ip);

    public NetworkInterface Device { get; }

    public Ipv4Address Ip { get; }

    /// <summary>Null when the address never answered.</summary>
    public MacAddress? Mac { get; internal set; }

    internal bool Permanent { get; set; }

    internal TimeSpan ConfirmedAt { get; set; }

    /// <summary>When a packet was first sent to a neighbour that had gone quiet; the probes follow from there.</summary>
    internal TimeSpan? DoubtedSince { get; set; }

    /// <summary>When the search now under way, or the last one that failed, ends.</summary>
    internal TimeSpan FailsAt { get; set; }

    /// <summary>The state at a moment: an entry goes stale by age alone.</summary>
    public NeighbourState StateAt(TimeSpan now)
    {
        if (Permanent)
            return NeighbourState.Permanent;
        if (Mac is null)
            return NeighbourState.Failed;
        if (now - ConfirmedAt < NeighbourTable.ReachableTime)
            return NeighbourState.Reachable;
        return DoubtedSince is null ? NeighbourState.Stale : NeighbourState.Delay;
    }
}

/// <summary>
/// The ARP table of a namespace. Times are the kernel's defaults (net.ipv4.neigh.default): an answer is good for 30 s
/// (base_reachable_time), a doubtful entry is used for 5 s (delay_first_probe_time) and then probed three times a second
/// apart, and a new address is asked for three times (mcast_solicit, ucast_solicit, retrans_time).
/// </summary>
public sealed class NeighbourTable
{
    internal static readonly TimeSpan ReachableTime = TimeSpan.FromSeconds(30);

    /// <summary>From the first question to "No route to host": three questions, a second apart, and the timers' rounding.</summary>
    internal static readonly TimeSpan FailureTime = TimeSpan.FromMilliseconds(3064);

    /// <summary>From the first use of an entry whose owner is gone to its removal: the delay and three probes.</summary>
    internal static readonly TimeSpan DoubtTime = TimeSpan.FromSeconds(8);

    private readonly Dictionary<(NetworkInterface, Ipv4Address), Neighbour> entries = [];

    /// <summary>Called after an entry that packets were sent by has changed or gone.</summary>
    internal Action Outdated { get; init; } = static () => { };

    public IEnumerable<Neighbour> Entries => entries.Values.OrderBy(entry => entry.Device.Index).ThenBy(entry => entry.Ip);

    /// <summary>Sets an entry by hand (`ip neigh add`): it neither ages nor is asked for.</summary>
    public void AddPermanent(NetworkInterface device, Ipv4Address ip, MacAddress mac)
    {
        var entry = Entry(device, ip);
        (entry.Mac, entry.Permanent) = (mac, true);
        Outdated();
    }

    /// <summary>False when there is no such entry.</summary>
    public bool Remove(NetworkInterface device, Ipv4Address ip)
    {
        Outdated();
        return entries.Remove((device, ip));
    }

    internal Neighbour? Find(NetworkInterface device, Ipv4Address ip) => entries.GetValueOrDefault((device, ip));

    internal void Learn(NetworkInterface device, Ipv4Address ip, MacAddress mac, TimeSpan now)
    {
        var entry = Entry(device, ip);
        if (entry.Permanent)
            return;
        if (entry.Mac is { } before && before != mac)
            Outdated();
        (entry.Mac, entry.ConfirmedAt, entry.DoubtedSince) = (mac, now, null);
    }

    /// <summary>Takes a new address for an entry that exists: what an unasked-for announcement (gratuitous ARP) does.</summary>
    internal void Refresh(NetworkInterface device, Ipv4Address ip, MacAddress mac, TimeSpan now)
    {
        if (entries.ContainsKey((device, ip)))
            Learn(device, ip, mac, now);
    }

    /// <summary>Records that nobody answers, and returns how long a packet sent now waits for that news.</summary>
    internal TimeSpan Fail(NetworkInterface device, Ipv4Address ip, TimeSpan now)
    {
        var entry = Entry(device, ip);
        entry.Mac = null;
        entry.DoubtedSince = null;
        Outdated();
        if (entry.FailsAt <= now)
            entry.FailsAt = now + FailureTime;
        return entry.FailsAt - now;
    }

    internal void Flush(NetworkInterface device)
    {
        foreach (var key in entries.Keys.Where(key => ReferenceEquals(key.Item1, device)).ToList())
            entries.Remove(key);
        Outdated();
    }

    internal void Clear()
    {
        entries.Clear();
        Outdated();
    }

    private Neighbour Entry(NetworkInterface device, Ipv4Address ip)
    {
        if (!entries.TryGetValue((device, ip), out var entry))
            entries.Add((device, ip), entry = new(device, ip));
        return entry;
    }
}
