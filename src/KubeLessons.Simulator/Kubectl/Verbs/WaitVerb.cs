using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Printing;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary><c>kubectl wait --for=…</c>: until objects are as asked, or the time is over.</summary>
internal sealed class WaitVerb
{
    private readonly Invocation _call;
    private readonly WaitCondition _condition;
    private readonly ObjectPrinter _printer;
    private readonly List<Failure> _failures = [];
    private TimeSpan _timeout;
    private TimeSpan _deadline;

    private WaitVerb(Invocation call, WaitCondition condition, ObjectPrinter printer) => (_call, _condition, _printer) = (call, condition, printer);

    public static Command Command { get; } = new(
        "wait",
        "([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]] [options]",
        "Experimental: Wait for a specific condition on one or many resources")
    {
        Flags =
        [
            FlagSpec.List("filename", 'f'), FlagSpec.Switch("recursive", 'R', on: true), .. CommonFlags.Print, CommonFlags.All, CommonFlags.AllNamespaces,
            CommonFlags.FieldSelector, CommonFlags.Selector, FlagSpec.Text("for"), FlagSpec.Switch("local"), FlagSpec.Duration("timeout", "30s"),
        ],
        Run = Start,
    };

    private static IEnumerable<Wait> Start(Invocation call)
    {
        var (condition, error) = WaitCondition.Parse(call.Flags.Text("for"));
        if (condition is null)
        {
            call.Fail(error!);
            return [];
        }

        (var format, error) = OutputFormat.Parse(call.Flags.Text("output"), columns: false);
        if (format is null)
        {
            call.Fail(error!);
            return [];
        }

        (var printer, error) = format.Name.Length == 0 ? (new NamePrinter("condition met"), null) : format.MakePrinter(call);
        if (printer is null)
        {
            call.Fail(error!);
            return [];
        }

        return new WaitVerb(call, condition, printer).Run();
    }

    private IEnumerable<Wait> Run()
    {
        var asked = _call.Flags.Duration("timeout");
        _timeout = asked < TimeSpan.Zero ? TimeSpan.FromHours(168) : asked;
        _deadline = _call.World.Now + _timeout;
        var arguments = new ResourceArguments(_call, new ArgumentRules());
        yield return Wait.Call(arguments.Read());
        if (_call.HasFailed)
        {
            yield break;
        }

        if (_condition.Kind == WaitKind.Create)
        {
            yield return Wait.Call(WaitForCreation(arguments.Query));
            _call.Fail(_failures);
            yield break;
        }

        var isDelete = _condition.Kind == WaitKind.Delete;
        var fetch = new ObjectFetch(_call, arguments.Query, ignoreNotFound: isDelete);
        yield return Wait.Call(fetch.Run());
        _failures.AddRange(fetch.Failures);
        if (fetch.Found.Count == 0 && _failures.Count == 0 && !isDelete)
        {
            _call.Fail("no matching resources found");
            yield break;
        }

        foreach (var found in fetch.Found)
        {
            yield return Wait.Call(isDelete ? WaitForDeletion(found) : WaitFor(found));
        }

        _call.Fail(_failures);
    }

    private IEnumerable<Wait> WaitForDeletion(FoundObject found)
    {
        var target = new Target(found.Resource, found.Namespace, found.Name);
        var wait = new DeletionWait(_call, [new DeletedObject(target, found.Value.Text("metadata", "uid") ?? "")], _failures)
        {
            Timeout = _deadline - _call.World.Now,
            Gone = _ => Print(found.Value),
        };
        yield return Wait.Call(wait.Run());
    }

    private IEnumerable<Wait> WaitForCreation(ObjectQuery query)
    {
        foreach (var target in query.Targets)
        {
            while (true)
            {
                var reply = _call.Send(ObjectQuery.GetRequest(target));
                yield return Wait.For(reply.Takes);
                if (reply.IsSuccess)
                {
                    Print(reply.Response!.Body);
                    break;
                }

                if (reply.Reason != "NotFound")
                {
                    _failures.Add(_call.FailureOf(reply));
                    break;
                }

                if (_call.World.Now >= _deadline)
                {
                    _failures.Add(Failure.Of("timed out waiting for the condition"));
                    yield break;
                }

                yield return Wait.For(TimeSpan.FromSeconds(1));
            }
        }
    }

    private IEnumerable<Wait> WaitFor(FoundObject found)
    {
        if (_timeout > TimeSpan.Zero && _call.World.Now >= _deadline)
        {
            _failures.Add(TimedOut(found));
            yield break;
        }

        if (Check(found.Value) || _failures.Count > 0)
        {
            yield break;
        }

        if (_timeout == TimeSpan.Zero)
        {
            _failures.Add(Failure.Of($"condition not met for {found.Resource.Path.Plural}/{found.Name}"));
            yield break;
        }

        var stream = new WatchStream(_call, ApiRequest.List(found.Resource.Path, found.Namespace) with
        {
            Verb = ApiVerb.Watch,
            Options = new ApiOptions { FieldSelector = "metadata.name=" + found.Name, ResourceVersion = found.Value.Text("metadata", "resourceVersion") },
        });
        while (true)
        {
            yield return Wait.Call(stream.Next(_deadline));
            if (stream.Current is not { } happened)
            {
                _failures.Add(TimedOut(found));
                yield break;
            }

            if (happened.Type != "DELETED" && (Check(happened.Object) || _failures.Count > 0))
            {
                stream.Stop();
                yield break;
            }
        }
    }

    private static Failure TimedOut(FoundObject found) => Failure.Of($"timed out waiting for the condition on {found.Resource.Path.Plural}/{found.Name}");

    private bool Check(Doc value)
    {
        var (holds, error) = _condition.Holds(value);
        if (error is not null)
        {
            _failures.Add(Failure.Of(error));
            return false;
        }

        if (holds)
        {
            Print(value);
        }

        return holds;
    }

    private void Print(Doc value)
    {
        if (_printer.TryPrint(value, out var text, out var error))
        {
            _call.Out(text);
        }
        else
        {
            _call.Fail(error);
        }
    }
}
