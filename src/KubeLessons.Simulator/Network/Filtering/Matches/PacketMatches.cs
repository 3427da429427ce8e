namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>`-m comment`: no condition, a note.</summary>
internal sealed record CommentMatch(string Comment) : Match
{
    public override bool Matches(FilterPass pass) => true;

    public override string Save => $"-m comment --comment {Text.Quote(Comment)}";

    public override string List(bool numeric) => $"/* {Comment} */";
}

/// <summary>`-m mark`: the packet's mark, masked.</summary>
internal sealed record MarkMatch(uint Mark, uint Mask, bool Not) : Match
{
    public override bool Matches(FilterPass pass) => (pass.Buffer.Mark & Mask) == Mark != Not;

    public override string Save => $"-m mark {Text.Not(Not)}--mark {Number}";

    public override string List(bool numeric) => $"mark match {Text.Not(Not)}{Number}";

    private string Number => Mask == uint.MaxValue ? $"0x{Mark:x}" : $"0x{Mark:x}/0x{Mask:x}";
}

/// <summary>`-m addrtype`: what the host's routing thinks of an address. Only LOCAL, BROADCAST, MULTICAST, UNSPEC and UNICAST exist here.</summary>
internal sealed record AddressTypeMatch(AddressTypes? Source, bool NotSource, AddressTypes? Destination, bool NotDestination, string Limit) : Match
{
    public override bool Matches(FilterPass pass) =>
        (Source is not { } source || Is(pass, pass.Packet.Source, source) != NotSource) &&
        (Destination is not { } destination || Is(pass, pass.Packet.Destination, destination) != NotDestination);

    public override string Save => "-m addrtype" +
        (Source is { } source ? $" {Text.Not(NotSource)}--src-type {AddressTypeNames.Text(source)}" : "") +
        (Destination is { } destination ? $" {Text.Not(NotDestination)}--dst-type {AddressTypeNames.Text(destination)}" : "") +
        (Limit.Length == 0 ? "" : $" --limit-iface-{Limit}");

    public override string List(bool numeric) => "ADDRTYPE match" +
        (Source is { } source ? $" src-type {(NotSource ? "!" : "")}{AddressTypeNames.Text(source)}" : "") +
        (Destination is { } destination ? $" dst-type {(NotDestination ? "!" : "")}{AddressTypeNames.Text(destination)}" : "") +
        (Limit.Length == 0 ? "" : $" limit-{Limit}");

    private bool Is(FilterPass pass, Ipv4Address address, AddressTypes wanted)
    {
        var device = Limit switch { "in" => pass.In, "out" => pass.Out, _ => null };
        var type = AddressTypes.Unicast;
        if (device is null ? pass.Host.IsLocal(address) : device.Addresses.Any(own => own.Prefix.Address == address))
            type = AddressTypes.Local;
        else if (address.IsAny)
            type = AddressTypes.Unspecified;
        else if (address.IsMulticast)
            type = AddressTypes.Multicast;
        else if (address == Ipv4Address.Broadcast || pass.Host.Interfaces.Any(other => other.Addresses.Any(own => own.Prefix.Length < 31 && own.Prefix.BroadcastAddress == address)))
            type = AddressTypes.Broadcast;
        return (wanted & type) != 0;
    }
}

/// <summary>The types of `-m addrtype`, as the kernel's bits.</summary>
[Flags]
internal enum AddressTypes
{
    None = 0,
    Unspecified = 1,
    Unicast = 2,
    Local = 4,
    Broadcast = 8,
    Anycast = 16,
    Multicast = 32,
    Blackhole = 64,
    Unreachable = 128,
    Prohibit = 256,
}

internal static class AddressTypeNames
{
    private static readonly (string Name, AddressTypes Type)[] Names =
    [
        ("UNSPEC", AddressTypes.Unspecified), ("UNICAST", AddressTypes.Unicast), ("LOCAL", AddressTypes.Local), ("BROADCAST", AddressTypes.Broadcast),
        ("ANYCAST", AddressTypes.Anycast), ("MULTICAST", AddressTypes.Multicast), ("BLACKHOLE", AddressTypes.Blackhole),
        ("UNREACHABLE", AddressTypes.Unreachable), ("PROHIBIT", AddressTypes.Prohibit),
    ];

    public static string Text(AddressTypes types) => string.Join(',', Names.Where(name => types.HasFlag(name.Type)).Select(name => name.Name));

    public static AddressTypes? Parse(string word)
    {
        foreach (var (name, type) in Names)
        {
            if (string.Equals(name, word, StringComparison.OrdinalIgnoreCase))
                return type;
        }
        return null;
    }
}

/// <summary>`-m physdev`: the bridge ports behind the interfaces, known only while bridge netfilter looks at a packet.</summary>
internal sealed record PhysdevMatch : Match
{
    public InterfaceMatch In { get; init; }

    public InterfaceMatch Out { get; init; }

    public (bool Wanted, bool Not) IsIn { get; init; }

    public (bool Wanted, bool Not) IsOut { get; init; }

    public (bool Wanted, bool Not) IsBridged { get; init; }

    public override bool Matches(FilterPass pass)
    {
        var input = pass.Buffer.PhysicalIn;
        var output = pass.Hook is Hook.Forward or Hook.PostRouting ? pass.Buffer.PhysicalOut : null;
        if (input is null && output is null)
        {
            // Without bridge information only negated conditions can hold.
            return (!IsBridged.Wanted || IsBridged.Not) && (!IsIn.Wanted || IsIn.Not) && (!IsOut.Wanted || IsOut.Not) &&
                (In.Name is null || In.Not) && (Out.Name is null || Out.Not);
        }
        return Holds(IsBridged, input is not null && output is not null) && Holds(IsIn, input is not null) && Holds(IsOut, output is not null) &&
            In.Matches(input) && Out.Matches(output);
    }

    public override string Save => "-m physdev" + Write();

    public override string List(bool numeric) => "PHYSDEV match" + Write();

    private static bool Holds((bool Wanted, bool Not) condition, bool fact) => !condition.Wanted || fact != condition.Not;

    private string Write()
    {
        var text = IsIn.Wanted ? $" {Text.Not(IsIn.Not)}--physdev-is-in" : "";
        if (In.Name is not null)
            text += $" {Text.Not(In.Not)}--physdev-in {In.Name}";
        if (IsOut.Wanted)
            text += $" {Text.Not(IsOut.Not)}--physdev-is-out";
        if (Out.Name is not null)
            text += $" {Text.Not(Out.Not)}--physdev-out {Out.Name}";
        if (IsBridged.Wanted)
            text += $" {Text.Not(IsBridged.Not)}--physdev-is-bridged";
        return text;
    }
}

/// <summary>`-m iprange`: addresses from one to another.</summary>
internal sealed record AddressRangeMatch((Ipv4Address First, Ipv4Address Last, bool Not)? Source, (Ipv4Address First, Ipv4Address Last, bool Not)? Destination) : Match
{
    public override bool Matches(FilterPass pass) => Holds(Source, pass.Packet.Source) && Holds(Destination, pass.Packet.Destination);

    public override string Save => "-m iprange" +
        (Source is { } source ? $" {Text.Not(source.Not)}--src-range {source.First}-{source.Last}" : "") +
        (Destination is { } destination ? $" {Text.Not(destination.Not)}--dst-range {destination.First}-{destination.Last}" : "");

    public override string List(bool numeric) => string.Join(' ', new[]
    {
        Source is { } source ? $"source IP range {Text.Not(source.Not)}{source.First}-{source.Last}" : null,
        Destination is { } destination ? $"destination IP range {Text.Not(destination.Not)}{destination.First}-{destination.Last}" : null,
    }.Where(part => part is not null));

    private static bool Holds((Ipv4Address First, Ipv4Address Last, bool Not)? range, Ipv4Address address) =>
        range is not { } wanted || (address.Value >= wanted.First.Value && address.Value <= wanted.Last.Value) != wanted.Not;
}
