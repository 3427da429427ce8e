namespace KubeLessons.Simulator.Network.Filtering;

internal enum RecentAction
{
    Set,
    Check,
    Update,
    Remove,
}

/// <summary>`-m recent`: a named list of addresses, and when each was seen last.</summary>
internal sealed record RecentMatch(RecentAction Action, string Name) : Match
{
    public bool Not { get; init; }

    public int Seconds { get; init; }

    public int HitCount { get; init; }

    /// <summary>--reap: an address not seen for that many seconds is taken off the list.</summary>
    public bool Reap { get; init; }

    public bool TimeToLive { get; init; }

    public bool ByDestination { get; init; }

    public uint Mask { get; init; } = uint.MaxValue;

    public override bool IsRepeatable => false;

    public override bool Matches(FilterPass pass)
    {
        var lists = pass.Host.Netfilter.Recent;
        var address = new Ipv4Address((ByDestination ? pass.Packet.Destination : pass.Packet.Source).Value & Mask);
        var found = lists.Find(Name, address);
        if (found is null)
        {
            if (Action != RecentAction.Set)
                return Not;
            lists.Stamp(Name, address, pass.Now);
            return !Not;
        }
        var matches = Not;
        switch (Action)
        {
            case RecentAction.Set:
                matches = !Not;
                break;
            case RecentAction.Remove:
                lists.Remove(Name, address);
                return !Not;
            default:
                if (Hits(found, pass.Now))
                    matches = !Not;
                if (Reap)
                    lists.ReapOldest(Name, pass.Now - TimeSpan.FromSeconds(Seconds), except: Action == RecentAction.Update && matches ? address : null);
                break;
        }
        if (Action == RecentAction.Set || (Action == RecentAction.Update && matches))
            lists.Stamp(Name, address, pass.Now);
        return matches;
    }

    public override string Save => "-m recent " + Text.Not(Not) + Action switch
    {
        RecentAction.Set => "--set",
        RecentAction.Check => "--rcheck",
        RecentAction.Update => "--update",
        _ => "--remove",
    } + Options("--", " ", "hitcount", "rttl") + $" --name {Name} --mask {new Ipv4Address(Mask)} {(ByDestination ? "--rdest" : "--rsource")}";

    public override string List(bool numeric) => Text.Not(Not) + "recent: " + Action switch
    {
        RecentAction.Set => "SET",
        RecentAction.Check => "CHECK",
        RecentAction.Update => "UPDATE",
        _ => "REMOVE",
    } + Options("", ": ", "hit_count", "TTL-Match") + $" name: {Name} side: {(ByDestination ? "dest" : "source")} mask: {new Ipv4Address(Mask)}";

    private string Options(string prefix, string separator, string hitCount, string ttl) =>
        (Seconds == 0 ? "" : $" {prefix}seconds{separator}{Seconds}") + (Reap ? $" {prefix}reap" : "") +
        (HitCount == 0 ? "" : $" {prefix}{hitCount}{separator}{HitCount}") + (TimeToLive ? $" {prefix}{ttl}" : "");

    private bool Hits(IReadOnlyList<TimeSpan> stamps, TimeSpan now)
    {
        var hits = 0;
        foreach (var stamp in stamps)
        {
            if (Seconds != 0 && now - stamp > TimeSpan.FromSeconds(Seconds))
                continue;
            if (HitCount == 0 || ++hits >= HitCount)
                return true;
        }
        return false;
    }
}

/// <summary>The lists of the recent match in one namespace (/proc/net/xt_recent).</summary>
internal sealed class RecentLists
{
    // The module's defaults: ip_pkt_list_tot and ip_list_tot.
    private const int StampsKept = 20;
    private const int AddressesKept = 100;

    private readonly Dictionary<string, List<(Ipv4Address Address, List<TimeSpan> Stamps)>> lists = new(StringComparer.Ordinal);

    /// <summary>Lists that no rule names any more vanish with what they held.</summary>
    public void Keep(IReadOnlySet<string> named)
    {
        foreach (var name in lists.Keys.Where(name => !named.Contains(name)).ToList())
            lists.Remove(name);
    }

    public IReadOnlyList<TimeSpan>? Find(string name, Ipv4Address address)
    {
        if (!lists.TryGetValue(name, out var list))
            return null;
        foreach (var entry in list)
        {
            if (entry.Address == address)
                return entry.Stamps;
        }
        return null;
    }

    /// <summary>Notes that an address was seen, and moves it to the end of its list; a full list loses its oldest address.</summary>
    public void Stamp(string name, Ipv4Address address, TimeSpan now)
    {
        if (!lists.TryGetValue(name, out var list))
            lists.Add(name, list = []);
        var place = list.FindIndex(entry => entry.Address == address);
        var stamps = place < 0 ? [] : list[place].Stamps;
        if (place >= 0)
            list.RemoveAt(place);
        else if (list.Count >= AddressesKept)
            list.RemoveAt(0);
        if (stamps.Count >= StampsKept)
            stamps.RemoveAt(0);
        stamps.Add(now);
        list.Add((address, stamps));
    }

    public void Remove(string name, Ipv4Address address)
    {
        if (lists.TryGetValue(name, out var list))
            list.RemoveAll(entry => entry.Address == address);
    }

    /// <summary>Takes the address seen longest ago off the list, if that was before a moment.</summary>
    public void ReapOldest(string name, TimeSpan before, Ipv4Address? except)
    {
        if (lists.TryGetValue(name, out var list) && list.Count > 0 && list[0].Address != except && list[0].Stamps[^1] < before)
            list.RemoveAt(0);
    }
}
