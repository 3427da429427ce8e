using KubeLessons.Simulator.Network.Tracking;

namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>The words of --state and --ctstate, as bits.</summary>
[Flags]
internal enum ConnectionStates
{
    None = 0,
    Invalid = 1,
    New = 2,
    Related = 4,
    Established = 8,
    Untracked = 16,
    SourceTranslated = 32,
    DestinationTranslated = 64,
}

/// <summary>What connection tracking says of a packet, in those bits, and their names.</summary>
internal static class ConnectionStateNames
{
    private static readonly (string Name, ConnectionStates State)[] Names =
    [
        ("INVALID", ConnectionStates.Invalid), ("NEW", ConnectionStates.New), ("RELATED", ConnectionStates.Related),
        ("ESTABLISHED", ConnectionStates.Established), ("UNTRACKED", ConnectionStates.Untracked),
        ("SNAT", ConnectionStates.SourceTranslated), ("DNAT", ConnectionStates.DestinationTranslated),
    ];

    public static ConnectionStates Of(FilterPass pass)
    {
        var buffer = pass.Buffer;
        var states = buffer.State switch
        {
            TrackingState.New => ConnectionStates.New,
            TrackingState.Established => ConnectionStates.Established,
            TrackingState.Related => ConnectionStates.Related,
            TrackingState.Untracked => ConnectionStates.Untracked,
            _ => ConnectionStates.Invalid,
        };
        if (buffer.Entry is { SourceTranslated: true })
            states |= ConnectionStates.SourceTranslated;
        if (buffer.Entry is { DestinationTranslated: true })
            states |= ConnectionStates.DestinationTranslated;
        return states;
    }

    public static string Text(ConnectionStates states) => string.Join(',', Names.Where(name => states.HasFlag(name.State)).Select(name => name.Name));

    /// <summary>The state of a word, in any case of letters; null when there is none of that name.</summary>
    public static ConnectionStates? Parse(string word, bool translations)
    {
        foreach (var (name, state) in Names)
        {
            if (string.Equals(name, word, StringComparison.OrdinalIgnoreCase) && (translations || state < ConnectionStates.SourceTranslated))
                return state;
        }
        return null;
    }
}

/// <summary>`-m state --state`: the older spelling of the connection's state.</summary>
internal sealed record StateMatch(ConnectionStates States, bool Not) : Match
{
    public override bool Matches(FilterPass pass) => (ConnectionStateNames.Of(pass) & States) != 0 != Not;

    public override string Save => $"-m state {Text.Not(Not)}--state {ConnectionStateNames.Text(States)}";

    public override string List(bool numeric) => $"{Text.Not(Not)}state {ConnectionStateNames.Text(States)}";
}

/// <summary>`-m conntrack`: the connection's state, the addresses of its first packet, and the direction.</summary>
internal sealed record ConntrackMatch : Match
{
    public (ConnectionStates States, bool Not)? State { get; init; }

    public AddressMatch? OriginalSource { get; init; }

    public AddressMatch? OriginalDestination { get; init; }

    /// <summary>True for ORIGINAL, false for REPLY.</summary>
    public bool? Original { get; init; }

    public override bool Matches(FilterPass pass)
    {
        if (State is { } state && (ConnectionStateNames.Of(pass) & state.States) != 0 == state.Not)
            return false;
        if (OriginalSource is null && OriginalDestination is null && Original is null)
            return true;
        return pass.Buffer.Entry is { } entry && (Original is not { } original || original != pass.Buffer.IsReply) &&
            OriginalSource?.Matches(entry.Original.Source) != false && OriginalDestination?.Matches(entry.Original.Destination) != false;
    }

    public override string Save => "-m conntrack" + Write("--");

    public override string List(bool numeric) => Write("")[1..];

    private string Write(string prefix)
    {
        var text = "";
        if (State is { } state)
            text += $" {Text.Not(state.Not)}{prefix}ctstate {ConnectionStateNames.Text(state.States)}";
        if (OriginalSource is { } source)
            text += $" {Text.Not(source.Not)}{prefix}ctorigsrc {source.ShortText}";
        if (OriginalDestination is { } destination)
            text += $" {Text.Not(destination.Not)}{prefix}ctorigdst {destination.ShortText}";
        if (Original is { } original)
            text += $" {prefix}ctdir {(original ? "ORIGINAL" : "REPLY")}";
        return text;
    }
}
