using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Patches;

/// <summary>JSON merge patches (RFC 7386).</summary>
internal static class MergePatch
{
    public static Doc Apply(Doc? target, Doc patch)
    {
        if (patch is not DocObject changes)
        {
            return patch;
        }

        Doc result = target as DocObject ?? Doc.Empty;
        for (var i = 0; i < changes.Count; i++)
        {
            var (key, change) = (changes.Keys[i], changes.Values[i]);
            result = result.With(change.IsNull ? null : Apply(result[key], change), key);
        }

        return result;
    }
}
