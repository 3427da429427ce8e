namespace KubeLessons.Simulator.Network.Tracking;

/// <summary>The addresses and ports that a translation may choose from; no address leaves the address alone, and a first port of 0 the port.</summary>
internal sealed record TranslationRange(Ipv4Address? FirstIp, Ipv4Address? LastIp, int FirstPort = 0, int LastPort = 0)
{
    /// <summary>In "80-90/5": the port that becomes the first of the range, and so on; 0 for none.</summary>
    public int BasePort { get; init; }

    /// <summary>--random: the port is chosen at random.</summary>
    public bool Random { get; init; }

    /// <summary>--random-fully: the same, by a better generator; here the two do not differ.</summary>
    public bool FullyRandom { get; init; }

    /// <summary>--persistent: one client gets the same address each time.</summary>
    public bool Persistent { get; init; }

    /// <summary>The ports as iptables writes them.</summary>
    public string Ports => FirstPort == LastPort ? $"{FirstPort}" : $"{FirstPort}-{LastPort}{(BasePort == 0 ? "" : $"/{BasePort}")}";

    /// <summary>Whether ports were named at all: a named port may be 0.</summary>
    public bool HasPorts { get; init; }

    /// <summary>Addresses and ports as iptables writes them.</summary>
    public string Addresses => (FirstIp is not { } first ? "" : first == LastIp ? $"{first}" : $"{first}-{LastIp}") + (HasPorts ? $":{Ports}" : "");

    public string Options(string prefix) => (Random ? prefix + "random" : "") + (FullyRandom ? prefix + "random-fully" : "") + (Persistent ? prefix + "persistent" : "");
}
