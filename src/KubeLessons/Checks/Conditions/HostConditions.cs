using System.Text.Json;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Checks;

/// <summary>Judges conditions on the facts of a node: units, modules, sysctls, iptables, files and containers.</summary>
internal static class HostConditions
{
    public static Finding Evaluate(Condition condition, Viewpoint view) => condition switch
    {
        UnitCondition c => On(c.Node, view, node => Unit(c, node, view)),
        ModuleCondition c => On(c.Node, view, node => Module(c, node, view)),
        SysctlCondition c => On(c.Node, view, node => Sysctl(c, node, view)),
        IptablesCondition c => On(c.Node, view, node => Iptables(c, node, view)),
        FileCondition c => On(c.Node, view, node => File(c, node, view)),
        ContainerCondition c => On(c.Node, view, node => Containers(c, node, view)),
        _ => Finding.Faulty(Message.Of("check.unknownCondition", condition.Text)),
    };

    private static Finding On(NodeReference reference, Viewpoint view, Func<string, Finding> evaluate) =>
        reference.Resolve(view.Variables, view.Nodes) is { } node
            ? evaluate(node)
            : Finding.Faulty(Message.Of("check.unknownNode", reference.Text));

    private static ObservedFact? Fact(Viewpoint view, string node, string noun, string name) =>
        view.State.Fact(new FactId(node, noun, name));

    private static Finding Unit(UnitCondition condition, string node, Viewpoint view)
    {
        var wanted = condition.State.ToString().ToLowerInvariant();
        var fact = Fact(view, node, "unit", UnitName(condition.Unit));
        return new Finding(
            fact?.Value == wanted, Said.Verbatim(wanted), fact is null ? Said.NotThere : Said.Verbatim(fact.Value), fact?.Since);
    }

    /// <summary>The name under which a unit's state is recorded: without its ending.</summary>
    internal static string UnitName(string unit) =>
        unit.EndsWith(".service", StringComparison.Ordinal) ? unit[..^".service".Length] : unit;

    private static Finding Module(ModuleCondition condition, string node, Viewpoint view)
    {
        var fact = Fact(view, node, "module", condition.Module.Replace('-', '_'));
        var state = fact is null ? "absent" : "loaded";
        return new Finding(
            condition.Loaded == fact is not null, Said.Verbatim(condition.Loaded ? "loaded" : "absent"), Said.Verbatim(state), fact?.Since);
    }

    private static Finding Sysctl(SysctlCondition condition, string node, Viewpoint view)
    {
        var key = condition.Key.Replace('/', '.');
        var wanted = view.Variables.Substitute(condition.Value).Text;
        var fact = Fact(view, node, "sysctl", key);
        return new Finding(
            fact is not null && ResourceConditions.Compare(fact.Value, condition.Comparison, wanted),
            Said.Verbatim($"{key} {ResourceConditions.Sign(condition.Comparison)} {wanted}"),
            fact is null ? Said.NotThere : Said.Verbatim($"{key} = {fact.Value}"),
            fact?.Since);
    }

    private static Finding Iptables(IptablesCondition condition, string node, Viewpoint view)
    {
        var text = view.Variables.Substitute(condition.Rule).Text;
        var fact = Fact(view, node, "iptables", $"{condition.Table}/{condition.Chain}");
        var rule = fact?.Value.Split('\n').FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal));
        return new Finding(
            condition.Has == rule is not null,
            Message.Of(condition.Has ? "check.chainHas" : "check.chainLacks", text),
            fact is null ? Message.Of("check.noChain", condition.Chain) : rule is null ? Message.Of("check.noSuchRule") : Said.Verbatim(rule),
            fact?.Since);
    }

    private static Finding File(FileCondition condition, string node, Viewpoint view)
    {
        var path = view.Variables.Substitute(condition.Path).Text;
        var fact = Fact(view, node, "file", path);
        var content = condition.Content is null ? null : view.Variables.Substitute(condition.Content).Text;
        return condition.Test switch
        {
            FileTest.Exists => new Finding(fact is not null, Said.There, fact is null ? Said.NotThere : Said.There, fact?.Since),
            FileTest.Absent => new Finding(fact is null, Said.NotThere, fact is null ? Said.NotThere : Said.There, fact?.Since),
            _ => new Finding(
                fact is not null && fact.Value.Contains(content!, StringComparison.Ordinal),
                Message.Of("check.contains", content!),
                fact is null ? Said.NotThere : Said.Verbatim(Excerpt.Of(fact.Value)),
                fact?.Since),
        };
    }

    private static Finding Containers(ContainerCondition condition, string node, Viewpoint view)
    {
        var wanted = condition.Running ? "running" : "exited";
        var selector = view.Variables.Substitute(condition.Selector).Text;
        ObservedFact? last = null;
        foreach (var (_, fact) in view.State.Facts(node, "container"))
        {
            using var document = JsonDocument.Parse(fact.Value);
            var container = document.RootElement;
            if (!LabelSelector.MatchesLabels(selector, container.At("labels")))
            {
                continue;
            }

            last = fact;
            if (container.Text("state") != wanted)
            {
                return new Finding(false, Said.Verbatim(wanted), Said.Verbatim($"{container.Text("name")}: {container.Text("state")}"), fact.Since);
            }
        }

        return new Finding(last is not null, Said.Verbatim(wanted), last is null ? Said.NotThere : Said.Verbatim(wanted), last?.Since);
    }
}
