using System.Globalization;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs.Pods;

/// <summary><c>kubectl logs</c>: what containers have written, and with <c>-f</c> what they write.</summary>
internal static class LogsVerb
{
    /// <summary>Lines of each pod when they are chosen by a selector and no number was asked for.</summary>
    private const int SelectorTail = 10;

    public static Command Command { get; } = new("logs", "[-f] [-p] (POD | TYPE/NAME) [-c CONTAINER] [options]", "Print the logs for a container in a pod")
    {
        Flags =
        [
            FlagSpec.Switch("all-containers"), FlagSpec.Switch("all-pods"), FlagSpec.Text("container", 'c'), FlagSpec.Switch("follow", 'f'), FlagSpec.Switch("ignore-errors"),
            FlagSpec.Switch("insecure-skip-tls-verify-backend"), FlagSpec.Int("limit-bytes"), FlagSpec.Int("max-log-requests", value: 5),
            FlagSpec.Duration("pod-running-timeout", "20s"), FlagSpec.Switch("prefix"), FlagSpec.Switch("previous", 'p'), CommonFlags.Selector,
            FlagSpec.Duration("since"), FlagSpec.Text("since-time"), FlagSpec.Int("tail", value: -1), FlagSpec.Switch("timestamps"),
        ],
        Run = Run,
    };

    private static bool HasSelector(Invocation call) => call.Flags.Text("selector").Length > 0;

    private static IEnumerable<Wait> Run(Invocation call)
    {
        if (Misuse(call) is { } misuse)
        {
            call.FailUsage(misuse);
            yield break;
        }

        if (Complaint(call) is { } complaint)
        {
            call.Fail(complaint);
            yield break;
        }

        var arguments = new ResourceArguments(call, new ArgumentRules { DefaultKind = "pods", Arguments = call.Args.IsEmpty ? [] : [call.Args[0]] });
        yield return Wait.Call(arguments.Read());
        if (call.HasFailed)
        {
            yield break;
        }

        var pods = new List<Doc>();
        yield return Wait.Call(FindPods(call, arguments.Query, pods));
        if (call.HasFailed || pods.Count == 0)
        {
            yield break;
        }

        var sources = Sources(call, pods);
        if (call.Flags.Flag("follow") && sources.Count > call.Flags.Int("max-log-requests"))
        {
            call.Fail($"you are attempting to follow {sources.Count} log streams, but maximum allowed concurrency is {call.Flags.Int("max-log-requests")}, use --max-log-requests to increase the limit");
            yield break;
        }

        yield return Wait.Call(Show(call, sources));
    }

    private static string? Misuse(Invocation call)
    {
        var usage = $"expected '{call.Command.Path["kubectl ".Length..]} [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command";
        return call.Args.Length > 2 || (call.Args.IsEmpty && !HasSelector(call)) ? usage
            : HasSelector(call) && !call.Args.IsEmpty ? "only a selector (-l) or a POD name is allowed"
            : null;
    }

    private static string? Complaint(Invocation call)
    {
        var flags = call.Flags;
        if (call.Args.Length == 2 && flags.Text("container").Length > 0)
        {
            return "only one of -c or an inline [CONTAINER] arg is allowed";
        }

        if (flags.Flag("all-containers") && ContainerOf(call) is { Length: > 0 } container)
        {
            return $"--all-containers=true should not be specified with container name {container}";
        }

        if (flags.Duration("since") > TimeSpan.Zero && flags.Text("since-time").Length > 0)
        {
            return "at most one of `sinceTime` or `sinceSeconds` may be specified";
        }

        if (flags.Text("since-time") is { Length: > 0 } text && Printing.HumanDuration.Parse(text) is null)
        {
            return $"parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{text}\" as \"2006\"";
        }

        return flags.Int("limit-bytes") < 0 ? "--limit-bytes must be greater than 0"
            : flags.Int("tail") < -1 ? "--tail must be greater than or equal to -1"
            : flags.Duration("since") < TimeSpan.Zero ? "--since must be greater than 0"
            : null;
    }

    private static string ContainerOf(Invocation call) => call.Args.Length == 2 ? call.Args[1] : call.Flags.Text("container");

    private static IEnumerable<Wait> FindPods(Invocation call, ObjectQuery query, List<Doc> pods)
    {
        var fetch = new ObjectFetch(call, query);
        yield return Wait.Call(fetch.Run());
        if (query.IsCollection)
        {
            pods.AddRange(fetch.Found.Select(found => found.Value));
            if (pods.Count == 0 && fetch.Failures.Count == 0)
            {
                call.Err($"No resources found in {call.Namespace} namespace.\n");
            }

            call.Fail(fetch.Failures);
            yield break;
        }

        if (fetch.Found is not [var found, ..])
        {
            call.Fail([.. fetch.Failures.Select(failure => failure.IsNotFound
                ? new Failure("error: e" + failure.Text[1..] + $" in namespace \"{call.Namespace}\"", failure.Reason)
                : failure)]);
            yield break;
        }

        var behind = new PodOfObject(call, found);
        yield return Wait.Call(behind.Find("get the logs from", newestFirst: false));
        if (behind.Pods.Count > 1 && !call.Flags.Flag("all-pods"))
        {
            call.Err($"Found {behind.Pods.Count} pods, using pod/{behind.Pods[0].Text("metadata", "name")}\n");
        }

        pods.AddRange(call.Flags.Flag("all-pods") ? behind.Pods : behind.Pods.Take(1));
        if (pods.Count == 0 && !call.HasFailed)
        {
            call.Fail("timed out waiting for the condition");
        }
    }

    private static List<(Doc Pod, string Container)> Sources(Invocation call, List<Doc> pods)
    {
        var sources = new List<(Doc, string)>();
        foreach (var pod in pods)
        {
            if (call.Flags.Flag("all-containers"))
            {
                sources.AddRange(PodContainers.All(pod).Select(container => (pod, container)));
            }
            else
            {
                sources.Add((pod, ContainerOf(call) is { Length: > 0 } named ? named : PodContainers.Default(call, pod)));
            }
        }

        return sources;
    }

    // One after the other; followed logs of several containers come as they are written.
    private static IEnumerable<Wait> Show(Invocation call, List<(Doc Pod, string Container)> sources)
    {
        var together = call.Flags.Flag("follow") ? new StreamCopy(call) : null;
        foreach (var (pod, container) in sources)
        {
            if (!PodContainers.All(pod).Contains(container))
            {
                call.Fail($"container {container} is not valid for pod {pod.Text("metadata", "name")}");
                yield break;
            }

            if (!call.TryConnect(out var client))
            {
                yield break;
            }

            var (stream, failure) = client.OpenStream(LogRequest(call, pod, container));
            yield return Wait.For(failure?.Takes ?? Api.Clients.ApiClient.RoundTrip);
            if (stream is null)
            {
                call.Fail(failure!);
                if (call.Flags.Flag("ignore-errors"))
                {
                    call.ExitCode = 0;
                    continue;
                }

                yield break;
            }

            call.Self.OnExit(stream.HangUp);
            var copy = together ?? new StreamCopy(call);
            copy.Start(stream.Output, call.Self.Output, Prefixed(call, pod, container));
            if (together is null)
            {
                yield return Wait.Call(copy.Finish());
            }
        }

        if (together is not null)
        {
            yield return Wait.Call(together.Finish());
        }
    }

    private static ApiRequest LogRequest(Invocation call, Doc pod, string container)
    {
        var flags = call.Flags;
        var tail = flags.Int("tail") is var asked && asked < 0 && HasSelector(call) && !flags.Has("tail") ? SelectorTail : asked;
        return ApiRequest.Get(ResourcePath.Core("pods"), pod.Text("metadata", "namespace")!, pod.Text("metadata", "name")!) with
        {
            Subresource = "log",
            Body = Doc.Obj(
                ("container", container),
                ("follow", flags.Flag("follow") ? true : null),
                ("previous", flags.Flag("previous") ? true : null),
                ("timestamps", flags.Flag("timestamps") ? true : null),
                ("tailLines", tail >= 0 ? tail : null),
                ("limitBytes", flags.Int("limit-bytes") is > 0 and var bytes ? bytes : null),
                ("sinceSeconds", flags.Duration("since") is var since && since > TimeSpan.Zero ? (long)Math.Ceiling(since.TotalSeconds) : null),
                ("sinceTime", flags.Text("since-time") is { Length: > 0 } time
                    ? Printing.HumanDuration.Parse(time)!.Value.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)
                    : null)),
        };
    }

    private static Func<string, string>? Prefixed(Invocation call, Doc pod, string container)
    {
        if (!call.Flags.Flag("prefix"))
        {
            return null;
        }

        var atLineStart = true;
        var prefix = $"[pod/{pod.Text("metadata", "name")}/{container}] ";
        return text =>
        {
            var whole = (atLineStart ? prefix : "") + text.Replace("\n", "\n" + prefix, StringComparison.Ordinal);
            atLineStart = text.EndsWith('\n');
            return atLineStart ? whole[..^prefix.Length] : whole;
        };
    }
}
