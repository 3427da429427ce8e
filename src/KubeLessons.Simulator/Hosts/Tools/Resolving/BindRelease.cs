using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts.Tools.Resolving;

/// <summary>A release of BIND's tools: what they call themselves, and how they speak of failure.</summary>
/// <param name="Version">As the first line of dig has it.</param>
/// <param name="IsModern">9.18 or later: cookies, a line for each failed attempt, a word about servers that do not recurse.</param>
internal sealed record BindRelease(string Version, bool IsModern)
{
    /// <summary>Debian 12's.</summary>
    public static BindRelease Debian { get; } = new("9.18.33-1~deb12u2-Debian", true);

    /// <summary>Alpine's, in the images that are built on it.</summary>
    public static BindRelease Alpine { get; } = new("9.18.37", true);

    /// <summary>Debian 8's, in the image jessie-dnsutils.</summary>
    public static BindRelease Jessie { get; } = new("9.9.5-9+deb8u19-Debian", false);

    /// <summary>Installs dig, nslookup and host, in place of busybox' nslookup.</summary>
    public void AddTo(ProgramTable programs)
    {
        programs.Add("dig", self => new Dig(self, this).Main());
        programs.Add("nslookup", self => new Nslookup(self, this).Main());
        programs.Add("host", self => new HostCommand(self, this).Main());
    }

    /// <summary>What is said after an attempt without an answer; nothing by the old tools.</summary>
    public string Complaint(DnsProbe probe, Exchange exchange, string name) => !IsModern ? ""
        : exchange.Outcome is ExchangeOutcome.NoRoute or ExchangeOutcome.NotPermitted
            ? $";; UDP setup with {probe.Server}#{probe.Port}({probe.Server}) for {name} failed: {DnsProbe.Reason(exchange)}.\n"
            : $";; communications error to {probe.Server}#{probe.Port}: {DnsProbe.Reason(exchange)}\n";

    /// <summary>What is said when no server answered at all.</summary>
    public string GivenUp => IsModern ? ";; no servers could be reached" : ";; connection timed out; no servers could be reached";
}
