using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Checks;

/// <summary>Whether a condition holds at an instant, and what was there. Pure: it sees observations only, never a cluster.</summary>
public static class ConditionEvaluator
{
    public static Finding Evaluate(Condition condition, Viewpoint view) => condition switch
    {
        NotCondition not => Evaluate(not.Inner, view).Negated(),
        ResourceCondition resource => ResourceConditions.Evaluate(resource, view),
        ObjectCondition manifest => ManifestConditions.Evaluate(manifest, view),
        JmesPathCondition jmesPath => JmesPathConditions.Evaluate(jmesPath, view),
        EventCondition happened => EventConditions.Evaluate(happened, view),
        UnitCondition or ModuleCondition or SysctlCondition or IptablesCondition or FileCondition or ContainerCondition =>
            HostConditions.Evaluate(condition, view),
        ExitCondition or OutputContainsCondition or OutputMatchesCondition or OutputRowCondition =>
            CommandConditions.Evaluate(condition, view),
        HttpCondition or DnsCondition or PortCondition or ShellCondition => ProbeConditions.Evaluate(condition, view),
        _ => Finding.Faulty(Message.Of("check.unknownCondition", condition.Text)),
    };
}
