using System.Collections.Immutable;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Describing;

/// <summary>Describes one object of a kind into the session's writer; it may ask the server for what belongs to it.</summary>
internal delegate IEnumerable<Wait> Describer(DescribeSession session, Doc value);

/// <summary>One object's description in the making, and the ways to fetch what belongs to it.</summary>
internal sealed class DescribeSession(Invocation call, KubeResource resource)
{
    public Invocation Call => call;

    public KubeResource Resource => resource;

    public DescribeWriter Writer { get; } = new(call.World.UtcNow);

    /// <summary>What the last <see cref="List"/> found.</summary>
    public ImmutableArray<Doc> Items { get; private set; } = [];

    /// <summary>What the last <see cref="Get"/> found; null when it is not there.</summary>
    public Doc? Object { get; private set; }

    /// <summary>The object's events, in the order in which they are shown.</summary>
    public ImmutableArray<Doc> Events { get; private set; } = [];

    public IEnumerable<Wait> Get(ResourcePath path, string ns, string name)
    {
        var reply = call.Send(ApiRequest.Get(path, ns, name));
        yield return Wait.For(reply.Takes);
        Object = reply.IsSuccess ? reply.Response!.Body : null;
    }

    public IEnumerable<Wait> List(ResourcePath path, string ns, string? labelSelector = null, string? fieldSelector = null)
    {
        var reply = call.Send(ApiRequest.List(path, ns) with
        {
            Options = new ApiOptions { LabelSelector = labelSelector, FieldSelector = fieldSelector },
        });
        yield return Wait.For(reply.Takes);
        Items = reply.IsSuccess ? reply.Response!.Body.List("items") : [];
    }

    /// <summary>Fetches the events about an object.</summary>
    /// <param name="value">The object.</param>
    /// <param name="uid">Another uid than the object's own: node events carry the node's name there.</param>
    public IEnumerable<Wait> FetchEvents(Doc value, string? uid = null)
    {
        if (!call.Flags.Flag("show-events"))
        {
            yield break;
        }

        var ns = value.Text("metadata", "namespace") ?? "";
        var selector = $"involvedObject.name={value.Text("metadata", "name")},involvedObject.uid={uid ?? value.Text("metadata", "uid")}"
            + (ns.Length > 0 ? $",involvedObject.namespace={ns}" : "");
        yield return Wait.Call(List(ResourcePath.Core("events"), ns, fieldSelector: selector));
        Events = Items;
    }

    /// <summary>Writes the events that were fetched.</summary>
    public void WriteEvents()
    {
        if (call.Flags.Flag("show-events"))
        {
            EventList.Write(Writer, Events);
        }
    }

    /// <summary>Fetches and writes the events about an object.</summary>
    public IEnumerable<Wait> DescribeEvents(Doc value)
    {
        yield return Wait.Call(FetchEvents(value));
        WriteEvents();
    }
}
