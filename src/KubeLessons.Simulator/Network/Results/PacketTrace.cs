using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Network.Filtering;

namespace KubeLessons.Simulator.Network;

/// <summary>What happened to a packet at one point of its way.</summary>
public enum HopKind
{
    /// <summary>A program, or the host itself, made the packet.</summary>
    Created,

    /// <summary>The packet came in through <see cref="Hop.In"/>.</summary>
    Received,

    /// <summary>The packet went out through <see cref="Hop.Out"/>.</summary>
    Sent,

    /// <summary>A bridge passed it from one port to another.</summary>
    Bridged,

    /// <summary>A rule matched.</summary>
    Rule,

    /// <summary>A built-in chain ended with its policy.</summary>
    Policy,

    /// <summary>Connection tracking changed an address or a port.</summary>
    Translated,

    /// <summary>The host forwards it.</summary>
    Forwarded,

    /// <summary>A socket, or the host itself, took it.</summary>
    Delivered,

    /// <summary>The packet ended here without having arrived.</summary>
    Dropped,

    /// <summary>An address was asked for on a link.</summary>
    Arp,
}

/// <summary>One step of a packet's way. <paramref name="At"/> counts from the beginning of the walk.</summary>
public sealed record Hop(TimeSpan At, string Namespace, HopKind Kind, Packet Packet)
{
    public NetworkInterface? In { get; init; }

    public NetworkInterface? Out { get; init; }

    /// <summary>The packet after the step, when it changed it.</summary>
    public Packet? After { get; init; }

    /// <summary>Table and chain, such as "nat" and "KUBE-SERVICES", of a rule or a policy.</summary>
    public string? Table { get; init; }

    public string? Chain { get; init; }

    /// <summary>The rule's number within its chain, from 1, as `iptables -L --line-numbers` counts.</summary>
    public int RuleNumber { get; init; }

    internal Rule? Rule { get; init; }

    /// <summary>The rule as `iptables -S` writes it.</summary>
    public string? RuleText => Rule?.ToString();

    /// <summary>The verdict of a rule or policy, or why a packet ended.</summary>
    public string? Note { get; init; }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{At.TotalMilliseconds,9:0.000} {Namespace,-12} {Kind,-10} {Packet}");
        if (In is not null)
            text.Append(CultureInfo.InvariantCulture, $" in {In}");
        if (Out is not null)
            text.Append(CultureInfo.InvariantCulture, $" out {Out}");
        if (Table is not null)
            text.Append(CultureInfo.InvariantCulture, $" {Table} {Chain}");
        if (Rule is not null)
            text.Append(CultureInfo.InvariantCulture, $" #{RuleNumber} {Rule}");
        if (Note is not null)
            text.Append(CultureInfo.InvariantCulture, $" ({Note})");
        if (After is not null)
            text.Append(CultureInfo.InvariantCulture, $" => {After}");
        return text.ToString();
    }
}

/// <summary>Every step of a packet and of all that it caused, in the order of time.</summary>
public sealed class PacketTrace
{
    internal PacketTrace(IReadOnlyList<Hop> hops) => Hops = hops;

    public IReadOnlyList<Hop> Hops { get; }

    /// <summary>Where the last packet of the walk ended without arriving; null when none did.</summary>
    public Hop? LostAt => Hops.LastOrDefault(hop => hop.Kind == HopKind.Dropped);

    /// <summary>One line a step, for a person to read.</summary>
    public override string ToString() => string.Join('\n', Hops);
}
