namespace KubeLessons.Lessons;

/// <summary><c>unit NODE/kubelet active|inactive|failed</c>: the systemd unit's state (ActiveState).</summary>
public sealed record UnitCondition(ConditionSource Source, NodeReference Node, string Unit, UnitState State) : Condition(Source);

/// <summary>systemd's ActiveState.</summary>
public enum UnitState
{
    /// <summary>It runs.</summary>
    Active,

    /// <summary>It was stopped or never started.</summary>
    Inactive,

    /// <summary>It ended with an error.</summary>
    Failed,
}

/// <summary><c>module NODE/br_netfilter loaded|absent</c>: whether the kernel module is loaded.</summary>
public sealed record ModuleCondition(ConditionSource Source, NodeReference Node, string Module, bool Loaded) : Condition(Source);

/// <summary><c>sysctl NODE/KEY=V</c>: the kernel setting's value; the key has dots, or slashes as under /proc/sys.</summary>
public sealed record SysctlCondition(ConditionSource Source, NodeReference Node, string Key, Comparison Comparison, string Value) : Condition(Source);

/// <summary><c>iptables NODE TABLE/CHAIN has|lacks TEXT</c>: whether a rule of the chain, as iptables-save prints it, holds the text.</summary>
public sealed record IptablesCondition(ConditionSource Source, NodeReference Node, string Table, string Chain, bool Has, string Rule) : Condition(Source);

/// <summary><c>container NODE -l SELECTOR running|exited</c>: every container of the pods with these labels, as the node's runtime knows them (at least one).</summary>
public sealed record ContainerCondition(ConditionSource Source, NodeReference Node, string Selector, bool Running) : Condition(Source);

/// <summary><c>file NODE:/path exists|absent|contains TEXT</c>.</summary>
/// <param name="Source">The author's words.</param>
/// <param name="Node">The node.</param>
/// <param name="Path">The absolute path.</param>
/// <param name="Test">What is asked of the file.</param>
/// <param name="Content">The text for <see cref="FileTest.Contains"/>, else null.</param>
public sealed record FileCondition(ConditionSource Source, NodeReference Node, string Path, FileTest Test, string? Content) : Condition(Source);

/// <summary>What is asked of a file.</summary>
public enum FileTest
{
    /// <summary>It is there.</summary>
    Exists,

    /// <summary>It is not there.</summary>
    Absent,

    /// <summary>It is there and holds a text.</summary>
    Contains,
}
