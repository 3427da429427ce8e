using KubeLessons.Simulator.Network.Walking;

namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>The five places where netfilter looks at a packet; a built-in chain carries the name of its place.</summary>
internal enum Hook
{
    PreRouting,
    Input,
    Forward,
    Output,
    PostRouting,
}

/// <summary>What a rule, a chain or a hook says about a packet.</summary>
internal enum Verdict
{
    /// <summary>Look at the next rule.</summary>
    Continue,
    Accept,
    Drop,

    /// <summary>Leave the chain.</summary>
    Return,

    /// <summary>Dropped, and the sender was told.</summary>
    Rejected,
}

/// <summary>One packet at one hook: what matches look at and targets act on.</summary>
internal sealed record FilterPass(PacketWalk Walk, NetworkNamespace Host, Hook Hook, SocketBuffer Buffer)
{
    public Packet Packet => Buffer.Packet;

    public NetworkInterface? In => Hook is Hook.Output or Hook.PostRouting ? null : Buffer.In;

    public NetworkInterface? Out => Hook is Hook.PreRouting or Hook.Input ? null : Buffer.Out;

    public TimeSpan Now => Walk.Start + Buffer.At;
}
