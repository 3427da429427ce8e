using System.Globalization;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Checks;

/// <summary>Judges <c>event REASON [on OBJECT]</c>, and finds the event nearest to a failure.</summary>
internal static class EventConditions
{
    private const string Events = "events";

    public static Finding Evaluate(EventCondition condition, Viewpoint view)
    {
        var reason = view.Variables.Substitute(condition.Reason).Text;
        ObjectId? on = null;
        Selected? selected = null;
        if (condition.On is { } selection)
        {
            selected = Selecting.Select(selection, view);
            if (selected.Fault is { } fault)
            {
                return Finding.Faulty(fault);
            }

            on = selected.Named;
        }

        var found = view.State.Objects(Events)
            .Where(item => item.Since >= view.EventsSince && item.Root.Text("reason") == reason)
            .FirstOrDefault(item => selected is null || IsAbout(item, selected));
        return found is not null
            ? new Finding(true, Said.Verbatim(reason), Said.Verbatim(found.Root.Text("message") ?? reason), found.Since, on)
            : new Finding(false, Said.Verbatim(reason), Said.NotSeenYet, null, on);
    }

    /// <summary>The newest event about an object (about anything, when null), up to now: what happened nearest to a failure.</summary>
    public static string? Nearest(ClusterState state, ObjectId? subject)
    {
        var nearest = state.Objects(Events)
            .Where(item => subject is null || About(item) is var (kind, ns, name)
                && name == subject.Value.Name
                && KnownResources.Find(kind)?.Id == subject.Value.Resource
                && (subject.Value.Namespace.Length == 0 || ns == subject.Value.Namespace))
            .MaxBy(item => item.Since);
        if (nearest is null)
        {
            return null;
        }

        var (onKind, _, onName) = About(nearest);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{nearest.Since:HH:mm:ss} {nearest.Root.Text("type")} {nearest.Root.Text("reason")} {onKind.ToLowerInvariant()}/{onName}: {nearest.Root.Text("message")}");
    }

    private static bool IsAbout(ObservedObject item, Selected selected)
    {
        var (kind, ns, name) = About(item);
        var resource = KnownResources.Find(kind)?.Id;
        bool Is(ObjectId id) => id.Name == name && id.Resource == resource && (id.Namespace.Length == 0 || id.Namespace == ns);
        return selected.Named is { } named ? Is(named) : selected.Objects.Any(target => Is(target.Id));
    }

    private static (string Kind, string Namespace, string Name) About(ObservedObject item) => (
        item.Root.Text("involvedObject", "kind") ?? "",
        item.Root.Text("involvedObject", "namespace") ?? "",
        item.Root.Text("involvedObject", "name") ?? "");
}
