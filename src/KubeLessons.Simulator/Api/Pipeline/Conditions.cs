using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Pipeline;

/// <summary>Entries of <c>status.conditions</c> that the API server itself writes.</summary>
internal static class Conditions
{
    /// <summary>Sets a condition; its transition time moves only when its status does.</summary>
    public static Doc Set(Doc value, string type, string status, DateTimeOffset now)
    {
        var conditions = value.List("status", "conditions");
        var at = -1;
        for (var i = 0; i < conditions.Length; i++)
        {
            at = conditions[i].Text("type") == type ? i : at;
        }

        var entry = Doc.Obj(
            ("type", type),
            ("status", status),
            ("lastProbeTime", Doc.Null),
            ("lastTransitionTime", ObjectMeta.Time(now)));
        if (at < 0)
        {
            return value.With(new DocArray(conditions.Add(entry)), "status", "conditions");
        }

        return conditions[at].Text("status") == status
            ? value
            : value.With(new DocArray(conditions.SetItem(at, entry)), "status", "conditions");
    }
}
