using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs.Pods;

/// <summary><c>kubectl exec</c> and <c>kubectl attach</c>.</summary>
internal static class ExecVerb
{
    public static Command Exec { get; } = new("exec", "(POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...] [options]", "Execute a command in a container")
    {
        Flags =
        [
            FlagSpec.Text("container", 'c'), FlagSpec.List("filename", 'f'), FlagSpec.Duration("pod-running-timeout", "1m0s"), FlagSpec.Switch("quiet", 'q'),
            FlagSpec.Switch("stdin", 'i'), FlagSpec.Switch("tty", 't'),
        ],
        Run = RunExec,
    };

    public static Command Attach { get; } = new("attach", "(POD | TYPE/NAME) -c CONTAINER [options]", "Attach to a running container")
    {
        Flags =
        [
            FlagSpec.Text("container", 'c'), FlagSpec.Duration("pod-running-timeout", "1m0s"), FlagSpec.Switch("quiet", 'q'), FlagSpec.Switch("stdin", 'i'),
            FlagSpec.Switch("tty", 't'),
        ],
        Run = RunAttach,
    };

    private static IEnumerable<Wait> RunExec(Invocation call)
    {
        var before = call.Flags.ArgumentsBeforeDash;
        if (call.Args.IsEmpty || before == 0)
        {
            call.Fail("pod, type/name or --filename must be specified");
            yield break;
        }

        if (before is null && call.Args.Length > 1)
        {
            call.FailUsage("exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead");
            yield break;
        }

        var command = call.Args[1..];
        if (command.IsEmpty)
        {
            call.Fail("you must specify at least one command for the container");
            yield break;
        }

        var slot = new PodSlot();
        yield return Wait.Call(FindPod(call, slot));
        if (slot.Pod is not { } pod)
        {
            yield break;
        }

        if (pod.Text("status", "phase") is "Succeeded" or "Failed")
        {
            call.Fail($"cannot exec into a container in a completed pod; current phase is {pod.Text("status", "phase")}");
            yield break;
        }

        var container = call.Flags.Text("container") is { Length: > 0 } named ? named : PodContainers.Default(call, pod);
        var session = new PodSession(call, pod.Text("metadata", "namespace")!, pod.Text("metadata", "name")!, container);
        yield return Wait.Call(session.Run("exec", command, call.Flags.Flag("stdin"), call.Flags.Flag("tty") && call.Flags.Flag("stdin")));
        End(call, session);
    }

    private static IEnumerable<Wait> RunAttach(Invocation call)
    {
        if (call.Args.IsEmpty)
        {
            call.Fail("at least 1 argument is required for attach");
            yield break;
        }

        var slot = new PodSlot();
        yield return Wait.Call(FindPod(call, slot));
        if (slot.Pod is not { } pod)
        {
            yield break;
        }

        if (pod.Text("status", "phase") is "Succeeded" or "Failed")
        {
            call.Fail($"cannot attach a container in a completed pod; current phase is {pod.Text("status", "phase")}");
            yield break;
        }

        var container = call.Flags.Text("container") is { Length: > 0 } named ? named : PodContainers.Default(call, pod);
        yield return Wait.Call(AttachTo(call, pod, container));
    }

    /// <summary>Joins a container's main process, with the flags of the call.</summary>
    public static IEnumerable<Wait> AttachTo(Invocation call, Doc pod, string container)
    {
        var spec = pod.List("spec", "containers").FirstOrDefault(each => each.Text("name") == container);
        var tty = call.Flags.Flag("tty");
        if (tty && spec?.Flag("tty") != true)
        {
            tty = false;
            if (!call.Flags.Flag("quiet"))
            {
                call.Err($"error: Unable to use a TTY - container {container} did not allocate one\n");
            }
        }

        if (!call.Flags.Flag("quiet"))
        {
            call.Err("All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\n"
                + "If you don't see a command prompt, try pressing enter.\n");
        }

        var session = new PodSession(call, pod.Text("metadata", "namespace")!, pod.Text("metadata", "name")!, container);
        yield return Wait.Call(session.Run("attach", [], call.Flags.Flag("stdin"), tty));
        if (session.Failure is { } failure)
        {
            call.Fail(failure);
        }
    }

    private static void End(Invocation call, PodSession session)
    {
        if (session.Failure is { } failure)
        {
            call.Fail(failure);
        }
        else if (session.ExitCode != 0)
        {
            call.Err($"command terminated with exit code {session.ExitCode}\n");
            call.ExitCode = session.ExitCode;
        }
    }

    private static IEnumerable<Wait> FindPod(Invocation call, PodSlot slot)
    {
        var arguments = new ResourceArguments(call, new ArgumentRules { DefaultKind = "pods", Arguments = [call.Args[0]] });
        yield return Wait.Call(arguments.Read());
        if (call.HasFailed)
        {
            yield break;
        }

        var fetch = new ObjectFetch(call, arguments.Query);
        yield return Wait.Call(fetch.Run());
        call.Fail(fetch.Failures);
        if (fetch.Found is not [var found, ..])
        {
            yield break;
        }

        var pods = new PodOfObject(call, found);
        yield return Wait.Call(pods.Find("attach to", newestFirst: true));
        slot.Pod = pods.Pods.FirstOrDefault();
        if (slot.Pod is null && !call.HasFailed)
        {
            call.Fail("timed out waiting for the condition");
        }
    }

    private sealed class PodSlot
    {
        public Doc? Pod { get; set; }
    }
}
