using System.Collections.Immutable;
using KubeLessons.Checks;
using KubeLessons.Clusters;
using KubeLessons.Lessons;

namespace KubeLessons.Running;

/// <summary>The facts of nodes that a lesson looks at: a real cluster reads these and no others.</summary>
public static class FactsAsked
{
    /// <summary>Of all checks, predictions and lets. A name that holds a variable is not known before the run and is left out.</summary>
    public static ImmutableSortedSet<FactName> By(Lesson lesson)
    {
        var facts = lesson.Blocks.SelectMany(block => block switch
        {
            CheckBlock check => CheckJudge.ConditionsOf(check.Check).SelectMany(Of),
            LetBlock let => let.Bindings.SelectMany(binding => Of(binding.Value)),
            PredictBlock predict => predict.Choices.SelectMany(choice => choice.When).SelectMany(Of)
                .Concat(predict.Observe is null ? [] : Of(predict.Observe)),
            _ => [],
        });
        return [.. facts.Where(fact => !fact.Name.Contains('$'))];
    }

    private static IEnumerable<FactName> Of(Condition condition) => condition switch
    {
        NotCondition c => Of(c.Inner),
        UnitCondition c => [new FactName("unit", HostConditions.UnitName(c.Unit))],
        ModuleCondition c => [new FactName("module", c.Module.Replace('-', '_'))],
        SysctlCondition c => [new FactName("sysctl", c.Key.Replace('/', '.'))],
        IptablesCondition c => [new FactName("iptables", $"{c.Table}/{c.Chain}")],
        FileCondition c => [new FactName("file", c.Path)],
        ContainerCondition => [new FactName("container", "")],
        _ => [],
    };

    private static IEnumerable<FactName> Of(ObservedValue value) =>
        value is ObservedValue.Unit unit ? [new FactName("unit", HostConditions.UnitName(unit.Name))] : [];
}
