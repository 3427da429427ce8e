using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Describing;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Printing;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary><c>kubectl events</c>: what happened, the oldest first.</summary>
internal sealed class EventsVerb
{
    private readonly Invocation _call;
    private readonly TabWriter _table = TabWriter.ForTable();
    private ObjectPrinter? _printer;
    private ApiRequest _list = ApiRequest.List(ResourcePath.Core("events"));

    private EventsVerb(Invocation call) => _call = call;

    public static Command Command { get; } = new(
        "events",
        "[(-o|--output=)json|yaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--types=Normal,Warning] [options]",
        "List events")
    {
        Flags =
        [
            .. CommonFlags.Print, CommonFlags.AllNamespaces, CommonFlags.ChunkSize, FlagSpec.Text("for"), FlagSpec.Switch("no-headers"),
            FlagSpec.List("types"), FlagSpec.Switch("watch", 'w'),
        ],
        Run = call => new EventsVerb(call).Run(),
    };

    private IEnumerable<Wait> Run()
    {
        var (format, error) = OutputFormat.Parse(_call.Flags.Text("output"), columns: false);
        if (format is not null && format.Name.Length > 0)
        {
            (_printer, error) = format.MakePrinter(_call);
        }

        if (error is not null)
        {
            _call.Fail(error);
            yield break;
        }

        if (_call.Flags.List("types").Any(type => !type.Equals("Normal", StringComparison.OrdinalIgnoreCase) && !type.Equals("Warning", StringComparison.OrdinalIgnoreCase)))
        {
            _call.Fail("valid --types are Normal or Warning");
            yield break;
        }

        _list = _list with { Namespace = _call.AllNamespaces ? "" : _call.Namespace };
        if (_call.Flags.Text("for") is { Length: > 0 } subject)
        {
            yield return Wait.Call(SelectSubject(subject));
        }

        if (_call.HasFailed)
        {
            yield break;
        }

        var reply = _call.Send(_list);
        yield return Wait.For(reply.Takes);
        if (!reply.IsSuccess)
        {
            _call.Fail(reply);
            yield break;
        }

        var found = reply.Response!.Body;
        var events = found.List("items").Where(IsWanted).OrderBy(TimeOf).ToList();
        if (events.Count == 0 && !_call.Flags.Flag("watch"))
        {
            _call.Err(_call.AllNamespaces ? "No events found.\n" : $"No events found in {_call.Namespace} namespace.\n");
            yield break;
        }

        ShowAll(events);
        if (_call.Flags.Flag("watch"))
        {
            yield return Wait.Call(Follow(found.Text("metadata", "resourceVersion")));
        }
    }

    private IEnumerable<Wait> SelectSubject(string subject)
    {
        var parts = subject.Split('/');
        if (parts.Length != 2 || parts[0].Length == 0 || parts[1].Length == 0)
        {
            _call.Fail(parts.Length > 2 ? "arguments in resource/name form may not have more than one slash" : "--for must be in resource/name form");
            yield break;
        }

        yield return Wait.Call(Discovery.Run(_call, Discovery.ForNames));
        if (_call.HasFailed)
        {
            yield break;
        }

        if (_call.Mapper!.Find(parts[0]) is not { } resource)
        {
            _call.Fail(new Failure($"the server doesn't have a resource type \"{parts[0]}\""));
            yield break;
        }

        _list = _list with
        {
            Options = new ApiOptions
            {
                FieldSelector = $"involvedObject.kind={resource.Kind},involvedObject.apiVersion={resource.ApiVersion},involvedObject.name={parts[1]}",
            },
        };
    }

    private bool IsWanted(Doc each) =>
        _call.Flags.List("types") is { IsEmpty: true } || _call.Flags.List("types").Any(type => type.Equals(each.Text("type"), StringComparison.OrdinalIgnoreCase));

    private static DateTimeOffset TimeOf(Doc each) =>
        HumanDuration.Parse(each.Text("series", "lastObservedTime") ?? each.Text("lastTimestamp") ?? each.Text("eventTime")) ?? DateTimeOffset.MinValue;

    private void ShowAll(List<Doc> events)
    {
        if (_printer is NamePrinter)
        {
            // A list of events has no name, and kubectl prints none.
            return;
        }

        if (_printer is not null)
        {
            Print(Doc.Obj(
                ("apiVersion", "v1"),
                ("items", Doc.Arr(events.Select(WithKind))),
                ("kind", "EventList"),
                ("metadata", Doc.Empty)));
            return;
        }

        if (!_call.Flags.Flag("no-headers") && events.Count > 0)
        {
            Header();
        }

        foreach (var each in events)
        {
            _table.WriteLine(Row(each));
        }

        _call.Out(_table.Flush());
    }

    private IEnumerable<Wait> Follow(string? version)
    {
        var stream = new WatchStream(_call, _list with { Verb = ApiVerb.Watch, Options = _list.Options with { ResourceVersion = version } });
        while (true)
        {
            yield return Wait.Call(stream.Next());
            if (stream.Current is not { } happened)
            {
                stream.ReportEnd();
                yield break;
            }

            if (happened.Type == "DELETED" || !IsWanted(happened.Object))
            {
                continue;
            }

            if (_printer is not null)
            {
                Print(WithKind(happened.Object));
            }
            else
            {
                _table.WriteLine(Row(happened.Object));
                _call.Out(_table.Flush());
            }

            yield return Wait.Call(_call.Drain());
        }
    }

    private void Header() => _table.WriteLine((_call.AllNamespaces ? "NAMESPACE\t" : "") + "LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE");

    private string Row(Doc each)
    {
        var seen = EventList.Interval(new DescribeWriter(_call.World.UtcNow), each);
        return (_call.AllNamespaces ? each.Text("metadata", "namespace") + "\t" : "")
            + $"{seen}\t{each.Text("type")}\t{each.Text("reason")}\t{each.Text("involvedObject", "kind")}/{each.Text("involvedObject", "name")}\t{each.Text("message")?.TrimEnd('\n')}";
    }

    private static Doc WithKind(Doc each) => each.Text("kind") is null ? each.With("Event", "kind").With("v1", "apiVersion") : each;

    private void Print(Doc value)
    {
        if (_printer!.TryPrint(value, out var text, out var error))
        {
            _call.Out(text);
        }
        else
        {
            _call.Fail(error);
        }
    }
}
