using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary><c>kubectl drain</c>: cordons a node and moves its pods away.</summary>
internal sealed class DrainVerb
{
    private readonly Invocation _call;
    private readonly DryRun _dryRun;

    private DrainVerb(Invocation call, DryRun dryRun) => (_call, _dryRun) = (call, dryRun);

    public static Command Command { get; } = new("drain", "NODE [options]", "Drain node in preparation for maintenance")
    {
        Flags =
        [
            CommonFlags.ChunkSize, CommonFlags.DryRun, CommonFlags.Selector, CommonFlags.Timeout, FlagSpec.Switch("delete-emptydir-data"), FlagSpec.Switch("disable-eviction"),
            FlagSpec.Switch("force"), FlagSpec.Int("grace-period", value: -1), FlagSpec.Switch("ignore-daemonsets"), FlagSpec.Text("pod-selector"),
            FlagSpec.Int("skip-wait-for-delete-timeout"),
        ],
        Run = call => DryRuns.Of(call) is { } dryRun ? new DrainVerb(call, dryRun).Run() : [],
    };

    private IEnumerable<Wait> Run()
    {
        var nodes = new List<FoundObject>();
        yield return Wait.Call(CordonVerbs.FetchNodes(_call, nodes));
        if (_call.HasFailed)
        {
            yield break;
        }

        foreach (var node in nodes)
        {
            yield return Wait.Call(CordonVerbs.Set(_call, node, unschedulable: true, _dryRun));
        }

        var faults = new List<(string Node, List<string> Messages)>();
        foreach (var node in nodes)
        {
            var messages = new List<string>();
            yield return Wait.Call(Drain(node, messages));
            if (messages.Count == 0)
            {
                _call.OutLine($"{node.QualifiedName} drained{_dryRun.Suffix()}");
            }
            else
            {
                faults.Add((node.Name, messages));
            }
        }

        Report(faults);
    }

    private void Report(List<(string Node, List<string> Messages)> faults)
    {
        if (faults.Count == 0)
        {
            return;
        }

        foreach (var (node, messages) in faults)
        {
            var all = messages.Count == 1 ? messages[0] : $"[{string.Join(", ", messages)}]";
            _call.Err($"error: unable to drain node \"{node}\" due to error: {all}, continuing command...\n");
        }

        _call.Err("There are pending nodes to be drained:\n" + string.Concat(faults.Select(fault => $" {fault.Node}\n")));
        _call.Fail([.. faults.SelectMany(fault => fault.Messages).Select(message => new Failure(message))]);
    }

    private IEnumerable<Wait> Drain(FoundObject node, List<string> messages)
    {
        var reply = _call.Send(ApiRequest.List(ResourcePath.Core("pods")) with
        {
            Options = new ApiOptions
            {
                FieldSelector = "spec.nodeName=" + node.Name,
                LabelSelector = _call.Flags.Text("pod-selector") is { Length: > 0 } selector ? selector : null,
            },
        });
        yield return Wait.For(reply.Takes);
        if (!reply.IsSuccess)
        {
            messages.Add(_call.FailureOf(reply).Text);
            yield break;
        }

        var selection = new DrainSelection(_call.Flags, reply.Response!.Body.List("items"), _call.World.UtcNow);
        messages.AddRange(selection.Errors);
        if (messages.Count > 0)
        {
            yield break;
        }

        if (selection.Warnings is { Length: > 0 } warnings)
        {
            _call.Err($"Warning: {warnings}\n");
        }

        if (_dryRun != DryRun.None)
        {
            foreach (var pod in selection.Pods)
            {
                _call.OutLine($"evicting pod {NameOf(pod)}{_dryRun.Suffix()}");
            }

            yield break;
        }

        yield return Wait.Call(new Eviction(_call, selection.Pods, messages).Run());
    }

    internal static string NameOf(Doc pod) => $"{pod.Text("metadata", "namespace")}/{pod.Text("metadata", "name")}";
}
