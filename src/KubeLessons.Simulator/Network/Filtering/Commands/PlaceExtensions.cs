namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>-m addrtype.</summary>
internal sealed class AddressTypeExtension() : MatchExtension("addrtype",
    new("src-type", CanInvert: true), new("dst-type", CanInvert: true),
    new("limit-iface-in", 0) { Excludes = ["limit-iface-out"] }, new("limit-iface-out", 0) { Excludes = ["limit-iface-in"] })
{
    private AddressTypeMatch match = new(null, false, null, false, "");

    public override Match Build(HeaderMatch header) => match;

    protected override string? Set(string option, bool not, IReadOnlyList<string> values)
    {
        if (option.StartsWith("limit", StringComparison.Ordinal))
        {
            match = match with { Limit = option["limit-iface-".Length..] };
            return null;
        }
        var types = AddressTypes.None;
        foreach (var word in values[0].Split(','))
        {
            if (AddressTypeNames.Parse(word) is not { } type)
                return $"addrtype: bad type \"{word}\"";
            types |= type;
        }
        match = option == "src-type" ? match with { Source = types, NotSource = not } : match with { Destination = types, NotDestination = not };
        return null;
    }

    protected override string? Check(HeaderMatch header) =>
        match.Source is null && match.Destination is null ? "addrtype: you must specify --src-type or --dst-type" : null;
}

/// <summary>-m physdev.</summary>
internal sealed class PhysdevExtension() : MatchExtension("physdev",
    new("physdev-in", CanInvert: true), new("physdev-out", CanInvert: true), new("physdev-is-in", 0, true), new("physdev-is-out", 0, true),
    new("physdev-is-bridged", 0, true))
{
    private PhysdevMatch match = new();

    public override Match Build(HeaderMatch header) => match;

    protected override string? Set(string option, bool not, IReadOnlyList<string> values)
    {
        match = option switch
        {
            "physdev-in" => match with { In = new(values[0], not) },
            "physdev-out" => match with { Out = new(values[0], not) },
            "physdev-is-in" => match with { IsIn = (true, not) },
            "physdev-is-out" => match with { IsOut = (true, not) },
            _ => match with { IsBridged = (true, not) },
        };
        return null;
    }

    protected override string? Check(HeaderMatch header) => match == new PhysdevMatch() ? "PHYSDEV: no physdev option specified" : null;
}

/// <summary>-m iprange.</summary>
internal sealed class AddressRangeExtension() : MatchExtension("iprange", new("src-range", CanInvert: true), new("dst-range", CanInvert: true))
{
    private AddressRangeMatch match = new(null, null);

    public override Match Build(HeaderMatch header) => match;

    protected override string? Set(string option, bool not, IReadOnlyList<string> values)
    {
        var ends = values[0].Split('-');
        var last = default(Ipv4Address);
        if (!Ipv4Address.TryParse(ends[0], out var first) || (ends.Length > 1 && !Ipv4Address.TryParse(ends[1], out last)) || ends.Length > 2)
            return $"iprange: Bad value for \"--{option}\" option: \"{values[0]}\"";
        if (ends.Length == 1)
            last = first;
        match = option == "src-range" ? match with { Source = (first, last, not) } : match with { Destination = (first, last, not) };
        return null;
    }

    protected override string? Check(HeaderMatch header) =>
        match.Source is null && match.Destination is null ? "iprange match: You must specify `--src-range' or `--dst-range'" : null;
}
