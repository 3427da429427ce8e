namespace KubeLessons.Simulator.Network.Tracking;

/// <summary>What a packet is to connection tracking (the states of `-m conntrack --ctstate`).</summary>
internal enum TrackingState
{
    Invalid,
    New,
    Established,
    Related,
    Untracked,
}

/// <summary>Which of a packet's two addresses a translation changes.</summary>
internal enum Translation
{
    Source,
    Destination,
}

/// <summary>
/// One tracked connection. <see cref="Original"/> is the first packet as it arrived, <see cref="Reply"/> the answer as it is
/// expected; where they are not mirror images, the difference is the address translation.
/// </summary>
internal sealed class ConnectionEntry(FlowTuple original)
{
    public FlowTuple Original => original;

    public FlowTuple Reply { get; set; } = original.Inverted;

    public bool SeenReply { get; set; }

    /// <summary>Traffic in both directions has been going on: shown as [ASSURED].</summary>
    public bool Assured { get; set; }

    /// <summary>Whether the first packet has left the host, or reached a socket, so that the entry is in the table.</summary>
    public bool Confirmed { get; set; }

    public TcpTrackingState Tcp { get; set; }

    public TimeSpan StartedAt { get; init; }

    public TimeSpan Timeout { get; set; }

    public TimeSpan ExpiresAt { get; set; }

    public uint Mark { get; set; }

    /// <summary>Whether it has been decided what happens to the source, or the destination, be it nothing.</summary>
    public bool SourceDecided { get; set; }

    public bool DestinationDecided { get; set; }

    public bool SourceTranslated { get; set; }

    public bool DestinationTranslated { get; set; }

    public bool Decided(Translation translation) => translation == Translation.Source ? SourceDecided : DestinationDecided;

    public bool Translated(Translation translation) => translation == Translation.Source ? SourceTranslated : DestinationTranslated;

    public void Decide(Translation translation, bool changed)
    {
        if (translation == Translation.Source)
            (SourceDecided, SourceTranslated) = (true, SourceTranslated || changed);
        else
            (DestinationDecided, DestinationTranslated) = (true, DestinationTranslated || changed);
    }
}
