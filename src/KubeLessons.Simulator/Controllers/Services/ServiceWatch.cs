using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Services;

/// <summary>Queues the Services whose endpoints may have changed: the Service itself did, or a pod that it selects.</summary>
internal sealed class ServiceWatch
{
    private readonly Informer _services;
    private readonly Action<ObjectName> _add;

    public ServiceWatch(ControllerContext context, Action<ObjectName> add)
    {
        _services = context.InformerOf(Resources.Services);
        _add = add;
        _services.Changed += (before, after) => add((after ?? before!).Key());
        context.InformerOf(Resources.Pods).Changed += OnPodChanged;
    }

    private void OnPodChanged(Doc? before, Doc? after)
    {
        if (!ServiceTargets.Matters(before, after))
        {
            return;
        }

        var ns = (after ?? before!).Namespace();
        var (old, now) = (before?.At("metadata", "labels"), after?.At("metadata", "labels"));
        foreach (var service in _services.Objects)
        {
            if (service.Namespace() == ns
                && service.At("spec", "selector") is DocObject { Count: > 0 } selector
                && ((before is not null && LabelMatch.HasAll(selector, old)) || (after is not null && LabelMatch.HasAll(selector, now))))
            {
                _add(service.Key());
            }
        }
    }
}
