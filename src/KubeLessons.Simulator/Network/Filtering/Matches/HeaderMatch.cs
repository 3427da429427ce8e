namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>An address condition with any mask, not only a prefix; an empty mask matches everything.</summary>
internal readonly record struct AddressMatch(Ipv4Address Address, uint Mask, bool Not)
{
    public bool Matches(Ipv4Address address) => ((address.Value ^ Address.Value) & Mask) == 0 != Not;

    public bool IsAnything => Mask == 0 && !Not;

    /// <summary>The address with its mask, a single host's mask left away.</summary>
    public string ShortText => Mask == uint.MaxValue ? Address.ToString() : Text;

    public string Text
    {
        get
        {
            var length = System.Numerics.BitOperations.PopCount(Mask);
            var isPrefix = length == 0 || Mask == uint.MaxValue << 32 - length;
            return isPrefix ? $"{Address}/{length}" : $"{Address}/{new Ipv4Address(Mask)}";
        }
    }
}

/// <summary>An interface condition: a name, or the beginning of one followed by '+'.</summary>
internal readonly record struct InterfaceMatch(string? Name, bool Not)
{
    public bool Matches(NetworkInterface? device)
    {
        if (Name is null or "+")
            return !Not || Name is null;
        // Where there is no such interface at all (no input on OUTPUT), the name is empty.
        var actual = device?.Name ?? "";
        return (Name[^1] == '+' ? actual.StartsWith(Name[..^1], StringComparison.Ordinal) : actual == Name) != Not;
    }
}

/// <summary>The conditions that every rule can have without `-m`: addresses, interfaces, protocol (0 for all).</summary>
internal sealed record HeaderMatch
{
    public AddressMatch Source { get; init; }

    public AddressMatch Destination { get; init; }

    public InterfaceMatch In { get; init; }

    public InterfaceMatch Out { get; init; }

    public byte Protocol { get; init; }

    public bool NotProtocol { get; init; }

    /// <summary>-f: only later fragments of a packet. The model sends none, so that such a rule matches only when negated.</summary>
    public bool Fragment { get; init; }

    public bool NotFragment { get; init; }

    public bool IsUnconditional => Source.IsAnything && Destination.IsAnything && In.Name is null && Out.Name is null && Protocol == 0 && !Fragment;

    /// <summary>Whether the rule is only for the protocol: what matches of that protocol ask for.</summary>
    public bool IsOnly(byte protocol) => Protocol == protocol && !NotProtocol;

    public bool Matches(FilterPass pass)
    {
        var packet = pass.Packet;
        return Source.Matches(packet.Source) && Destination.Matches(packet.Destination) && In.Matches(pass.In) && Out.Matches(pass.Out) &&
            (Protocol == 0 || (byte)packet.Protocol == Protocol != NotProtocol) && (!Fragment || NotFragment);
    }

    public string Save
    {
        get
        {
            var text = Source.IsAnything ? "" : $"{Not(Source.Not)} -s {Source.Text}";
            if (!Destination.IsAnything)
                text += $"{Not(Destination.Not)} -d {Destination.Text}";
            if (In.Name is not null)
                text += $"{Not(In.Not)} -i {In.Name}";
            if (Out.Name is not null)
                text += $"{Not(Out.Not)} -o {Out.Name}";
            if (Protocol != 0)
                text += $"{Not(NotProtocol)} -p {ProtocolNames.Name(Protocol)}";
            if (Fragment)
                text += $"{Not(NotFragment)} -f";
            return text;
        }
    }

    private static string Not(bool not) => not ? " !" : "";
}
