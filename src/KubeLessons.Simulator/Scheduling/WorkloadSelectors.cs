using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Api.Selectors;
using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>Which pods belong together with a pod: those of its Services and of its controller (scheduler helper: DefaultSelector).</summary>
internal sealed class WorkloadSelectors
{
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

    /// <summary>A question to ask of other pods of the namespace; null when the pod belongs to nothing.</summary>
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

        var selector = owned is null ? null : LabelSelector.FromDoc(owned);
        return other =>
        {
            var its = other.At("metadata", "labels");
            return maps.TrueForAll(map => LabelMatch.HasAll(map, its)) && (selector is null || selector.Matches(its));
        };
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
