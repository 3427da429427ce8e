using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Api.Selectors;
using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>Which pods belong together with a pod: those of its Services and of its controller (scheduler helper: DefaultSelector).</summary>
internal sealed class WorkloadSelectors
{
    private const int MostKnown = 1024;

    // The questions that were asked before, by namespace and controller, with what they were made of.
    private readonly Dictionary<(string Namespace, string Controller), (List<Doc> Maps, Doc? Owned, Func<Doc, bool> Question)> _known = [];
    private readonly Informer _services;
    private readonly (string Kind, Informer Informer)[] _controllers;

    public WorkloadSelectors(ControllerContext context)
    {
        _services = context.InformerOf(Resources.Services);
        _controllers =
        [
            ("ReplicaSet", context.InformerOf(Resources.ReplicaSets)),
            ("StatefulSet", context.InformerOf(Resources.StatefulSets)),
            ("ReplicationController", context.InformerOf(Resources.ReplicationControllers)),
        ];
    }

    /// <summary>
    /// A question to ask of other pods of the namespace; null when the pod belongs to nothing. Pods of one controller get the very
    /// same one, until a selector that it is made of changes.
    /// </summary>
    public Func<Doc, bool>? Of(Doc pod)
    {
        var labels = pod.At("metadata", "labels");
        var maps = _services.Objects
            .Where(service => service.Namespace() == pod.Namespace()
                && service.At("spec", "selector") is DocObject { Count: > 0 } selector
                && LabelMatch.HasAll(selector, labels))
            .Select(static service => service.At("spec", "selector")!)
            .ToList();
        var owned = SelectorOfController(pod, maps);
        if (maps.Count == 0 && owned is null)
        {
            return null;
        }

        var key = (pod.Namespace(), pod.ControllerReference()?.Text("uid") ?? "");
        if (_known.TryGetValue(key, out var known) && ReferenceEquals(known.Owned, owned) && Same(known.Maps, maps))
        {
            return known.Question;
        }

        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        var selector = owned is null ? null : LabelSelector.FromDoc(owned);
        _known[key] = (maps, owned, Asked);
        return _known[key].Question;

        bool Asked(Doc other)
        {
            var its = other.At("metadata", "labels");
            return maps.TrueForAll(map => LabelMatch.HasAll(map, its)) && (selector is null || selector.Matches(its));
        }
    }

    private static bool Same(List<Doc> one, List<Doc> other)
    {
        if (one.Count != other.Count)
        {
            return false;
        }

        for (var i = 0; i < one.Count; i++)
        {
            if (!ReferenceEquals(one[i], other[i]))
            {
                return false;
            }
        }

        return true;
    }

    private Doc? SelectorOfController(Doc pod, List<Doc> maps)
    {
        if (pod.ControllerReference() is not { } reference)
        {
            return null;
        }

        foreach (var (kind, informer) in _controllers)
        {
            if (kind == reference.Text("kind") && informer.Get(pod.Namespace(), reference.Text("name") ?? "") is { } owner)
            {
                if (kind == "ReplicationController")
                {
                    maps.Add(owner.At("spec", "selector") ?? Doc.Empty);
                    return null;
                }

                return owner.At("spec", "selector");
            }
        }

        return null;
    }
}
