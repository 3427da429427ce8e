using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Controllers;

/// <summary>
/// A component's event recorder: an event of the same object, reason and message raises the count of the first one
/// (client-go/tools/record: EventCorrelator).
/// </summary>
internal sealed class ComponentEvents(Process owner, ApiClient client, string component)
{
    private readonly Dictionary<(string Uid, string Name, string Type, string Reason, string Message), (ObjectName Name, int Count)> _seen = [];

    /// <param name="involved">The object that the event is about.</param>
    /// <param name="kind">Its kind, such as <c>Pod</c>.</param>
    /// <param name="apiVersion">Its group and version, such as <c>v1</c>.</param>
    /// <param name="type">Normal or Warning.</param>
    /// <param name="reason">A word, such as <c>Scheduled</c>.</param>
    /// <param name="message">A sentence.</param>
    public void Record(Doc involved, string kind, string apiVersion, string type, string reason, string message)
    {
        var now = Timestamps.Time(owner.World.UtcNow);
        var key = (involved.Uid(), involved.Name(), type, reason, message);
        if (_seen.TryGetValue(key, out var earlier))
        {
            var patch = Doc.Obj(("count", earlier.Count + 1), ("lastTimestamp", now));
            if (client.Send(ApiRequest.MergePatch(Resources.Events, earlier.Name.Namespace, earlier.Name.Name, patch)).IsSuccess)
            {
                _seen[key] = (earlier.Name, earlier.Count + 1);
                return;
            }
        }

        var ns = involved.Namespace() is { Length: > 0 } its ? its : "default";
        var name = new ObjectName(ns, $"{involved.Name()}.{owner.World.UtcNow.Ticks - DateTimeOffset.UnixEpoch.Ticks:x}{_seen.Count:x}");
        var created = Doc.Obj(
            ("apiVersion", "v1"),
            ("kind", "Event"),
            ("metadata", Doc.Obj(("name", name.Name), ("namespace", name.Namespace))),
            ("involvedObject", Doc.Obj(
                ("kind", kind),
                ("namespace", involved.Namespace() is { Length: > 0 } inside ? inside : null),
                ("name", involved.Name()),
                ("uid", involved.Uid()),
                ("apiVersion", apiVersion),
                ("resourceVersion", involved.Text("metadata", "resourceVersion")))),
            ("reason", reason),
            ("message", message),
            ("source", Doc.Obj(("component", component))),
            ("firstTimestamp", now),
            ("lastTimestamp", now),
            ("count", 1),
            ("type", type),
            ("eventTime", Doc.Null),
            ("reportingComponent", component),
            ("reportingInstance", ""));
        if (client.Send(ApiRequest.Create(Resources.Events, ns, created)).IsSuccess)
        {
            _seen[key] = (name, 1);
        }
    }
}
