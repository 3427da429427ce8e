using KubeLessons.Simulator.Api.Selectors;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.ReplicaSets;

/// <summary>
/// The pods of one ReplicaSet, counted once and then kept by what changes, so that a look at a set of ten thousand pods costs no
/// more than one at ten. It holds for one spec of the set; a set whose spec has changed is counted anew.
/// </summary>
internal sealed class ReplicaTally
{
    private readonly Doc? _spec;
    private readonly LabelSelector _selector;
    private readonly Doc? _templateLabels;

    public ReplicaTally(Doc set, IEnumerable<Doc> pods)
    {
        _spec = set["spec"];
        _selector = LabelSelector.FromDoc(set.At("spec", "selector"));
        _templateLabels = set.At("spec", "template", "metadata", "labels");
        foreach (var pod in pods)
        {
            Count(pod, 1);
        }
    }

    /// <summary>Active pods that refer to the set and match its selector.</summary>
    public int Active { get; private set; }

    /// <summary>Active pods that refer to the set and do not match its selector: they are to be released.</summary>
    public int Strangers { get; private set; }

    /// <summary>Those of the active with all labels of the template.</summary>
    public int Labelled { get; private set; }

    /// <summary>Those of the active that are ready.</summary>
    public int Ready { get; private set; }

    public bool IsOf(Doc set) => ReferenceEquals(_spec, set["spec"]);

    /// <summary>A pod that refers to the set has come (1) or gone (-1); one that changed has done both.</summary>
    public void Count(Doc pod, int by)
    {
        if (!pod.IsActive())
        {
            return;
        }

        if (!_selector.Matches(pod.At("metadata", "labels")))
        {
            Strangers += by;
            return;
        }

        Active += by;
        Labelled += LabelMatch.HasAll(_templateLabels, pod.At("metadata", "labels")) ? by : 0;
        Ready += pod.IsReady() ? by : 0;
    }
}
