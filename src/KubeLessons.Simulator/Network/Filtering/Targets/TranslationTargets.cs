using KubeLessons.Simulator.Network.Tracking;

namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>DNAT or SNAT to fixed addresses and ports.</summary>
internal sealed record AddressTarget(Translation What, TranslationRange Range) : Target
{
    public override string Name => What == Translation.Source ? "SNAT" : "DNAT";

    public override string SaveOptions => $" --to-{(What == Translation.Source ? "source" : "destination")} {Range.Addresses}{Range.Options(" --")}";

    public override string ListOptions => $"to:{Range.Addresses}{Range.Options(" ")}";

    public override Verdict Apply(FilterPass pass)
    {
        AddressTranslation.Decide(pass.Host, pass.Buffer.Entry!, What, Range, pass.Now);
        return Verdict.Accept;
    }
}

/// <summary>MASQUERADE: the source becomes the address of the interface that the packet leaves by.</summary>
internal sealed record MasqueradeTarget(TranslationRange Range) : Target
{
    public override string Name => "MASQUERADE";

    public override string SaveOptions => (Range.FirstPort == 0 ? "" : $" --to-ports {Range.Ports}") + Range.Options(" --");

    public override string ListOptions => ((Range.FirstPort == 0 ? "" : $"masq ports: {Range.Ports}") + Range.Options(" ")).TrimStart();

    public override Verdict Apply(FilterPass pass)
    {
        var route = pass.Host.Routes.Lookup(pass.Packet.Destination);
        var address = pass.Host.SourceFor(pass.Out!, route.NextHop);
        if (address.IsAny)
            return Verdict.Drop;
        AddressTranslation.Decide(pass.Host, pass.Buffer.Entry!, Translation.Source, Range with { FirstIp = address, LastIp = address }, pass.Now);
        return Verdict.Accept;
    }
}

/// <summary>REDIRECT: the destination becomes this host: the address of the interface the packet came by, or loopback.</summary>
internal sealed record RedirectTarget(TranslationRange Range) : Target
{
    public override string Name => "REDIRECT";

    public override string SaveOptions => (Range.FirstPort == 0 ? "" : $" --to-ports {Range.Ports}") + Range.Options(" --");

    public override string ListOptions => ((Range.FirstPort == 0 ? "" : $"redir ports {Range.Ports}") + Range.Options(" ")).TrimStart();

    public override Verdict Apply(FilterPass pass)
    {
        var address = Ipv4Address.Loopback;
        if (pass.Hook == Hook.PreRouting)
        {
            if (pass.In!.Addresses.Count == 0)
                return Verdict.Drop;
            address = pass.In.Addresses[0].Prefix.Address;
        }
        AddressTranslation.Decide(pass.Host, pass.Buffer.Entry!, Translation.Destination, Range with { FirstIp = address, LastIp = address }, pass.Now);
        return Verdict.Accept;
    }
}
