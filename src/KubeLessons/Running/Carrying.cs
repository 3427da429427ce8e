using System.Text.RegularExpressions;
using KubeLessons.Checks;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Running;

/// <summary>
/// Says which blocks a cluster cannot carry. A step is read for what it needs; where that is missing the step is left out, and with it the
/// rest of its section, because what follows tells of what the step would have done.
/// </summary>
internal sealed class Carrying(Lesson lesson, ClusterDescription cluster)
{
    private Message? _section;

    /// <summary>Why a block is left out; null: it is not. Called for every block, in order.</summary>
    public Message? WhyNot(Block block, string? node)
    {
        if (cluster.Inventory is not { } inventory)
        {
            return null;
        }

        switch (block)
        {
            case ProseBlock { HeadingLevel: > 0 and <= 2 }:
                _section = null;
                return null;
            case ProseBlock or HintBlock or TranscriptBlock or SolutionBlock or CleanupBlock:
                return null;
            case StepBlock step when _section is null:
                _section = Needs(WithFiles(step.Commands), node, inventory);
                break;
            case TodoBlock todo when _section is null:
                _section = Needs(WithFiles(lesson.SolutionOf(todo)?.Commands ?? ""), node, inventory);
                break;
            case CheckBlock check when _section is null:
                return CheckJudge.ConditionsOf(check.Check).Except(check.Check.Unless).Select(condition => Needs(condition, inventory)).FirstOrDefault(why => why is not null);
        }

        return _section;
    }

    /// <summary>Notes that a block was left out for another reason, such as a node that is not there: so is the rest of its section.</summary>
    public void LeftOut(Block block, Message reason)
    {
        if (cluster.Inventory is not null && block is StepBlock or TodoBlock)
        {
            _section ??= reason;
        }
    }

    // A command may run a file of the lesson; what it does is what the file says.
    private string WithFiles(string commands) => commands + "\n" + string.Join(
        '\n',
        lesson.Blocks.OfType<FileBlock>().Where(file => commands.Contains(file.Path, StringComparison.Ordinal)).Select(file => file.Content));

    internal static Message? Needs(string commands, string? node, ClusterInventory inventory)
    {
        if (inventory.IsReachedBySsh && CutOff.In(commands) is { } cut)
        {
            return Message.Of("run.wouldCutOff", cut);
        }

        foreach (Match match in Regex.Matches(commands, @"\b(?:modprobe\s+(?:-r|--remove)|rmmod)\s+([\w-]+)"))
        {
            if (ModuleStays(match.Groups[1].Value, inventory) is { } why)
            {
                return why;
            }
        }

        foreach (Match match in Regex.Matches(commands, @"\bsystemctl\s+(?:-\S+\s+)*(start|stop|restart|reload|kill|mask|disable|enable|freeze)\s+((?:[\w@.:-]+[ \t]*)+)"))
        {
            var words = Regex.Replace(match.Groups[2].Value, @"(?:-s|--signal)\s+\S+", "");
            foreach (var word in words.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Where(word => word[0] != '-'))
            {
                var unit = word.EndsWith(".service", StringComparison.Ordinal) ? word[..^8] : word;
                if (node is not null && inventory.Units.TryGetValue(node, out var units) && !units.Contains(unit))
                {
                    return Message.Of("run.noUnit", unit, node);
                }

                if (unit == "kubelet" && !inventory.CanStopKubelet && match.Groups[1].Value is not "start")
                {
                    return Message.Of("run.kubeletMustRun");
                }
            }
        }

        foreach (var program in inventory.MissingPrograms)
        {
            if (Regex.IsMatch(commands, $@"(?:^|[;&|(`]|\$\(|\bsudo|\bxargs|\bdo|\bthen)\s*{Regex.Escape(program)}(?:\s|$)", RegexOptions.Multiline))
            {
                return Message.Of("run.noProgram", program);
            }
        }

        return inventory.MissingPaths.FirstOrDefault(path => commands.Contains(path, StringComparison.Ordinal)) is { } missing
            ? Message.Of("run.noPath", missing)
            : MissingObject(commands, inventory);
    }

    private static Message? MissingObject(string text, ClusterInventory inventory)
    {
        foreach (var (resource, name, label) in ClusterInventory.Objects)
        {
            if (inventory.MissingObjects.Contains($"{resource}/{name}")
                && (text.Contains(label, StringComparison.Ordinal) || Regex.IsMatch(text, $@"\b(?:{Names(resource)})[ /]{Regex.Escape(name)}\b")))
            {
                return Message.Of("run.noObject", $"{resource}/{name}");
            }
        }

        return null;
    }

    private static string Names(string resource) => resource switch
    {
        "daemonset" => "ds|daemonsets?(?:\\.apps)?",
        "deployment" => "deploy|deployments?(?:\\.apps)?",
        _ => "svc|services?",
    };

    private static Message? ModuleStays(string module, ClusterInventory inventory) =>
        inventory.IsKernelShared ? Message.Of("run.sharedKernel", module)
        : inventory.FixedModules.Contains(module.Replace('-', '_')) ? Message.Of("run.builtInModule", module)
        : null;

    private static Message? Needs(Condition condition, ClusterInventory inventory) => condition switch
    {
        NotCondition not => Needs(not.Inner, inventory),
        ModuleCondition { Loaded: false } module => ModuleStays(module.Module, inventory),
        DnsCondition when inventory.MissingObjects.Contains("service/kube-dns") => Message.Of("run.noObject", "service/kube-dns"),
        ResourceCondition => MissingObject(condition.Text, inventory),
        _ => null,
    };
}
