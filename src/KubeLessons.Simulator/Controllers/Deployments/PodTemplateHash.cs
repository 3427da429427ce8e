using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Deployments;

/// <summary>
/// The hash in a ReplicaSet's name: FNV-1a over the pod template, spelled with letters that make no words
/// (pkg/controller: ComputeHash; apimachinery rand.SafeEncodeString). Equal templates have equal hashes, in whatever order
/// their fields stand; the digits differ from a real cluster's, which hashes a dump of Go structures.
/// </summary>
internal static class PodTemplateHash
{
    /// <summary>The label that sets a Deployment's ReplicaSets and their pods apart.</summary>
    public const string Label = "pod-template-hash";

    /// <param name="template">The pod template, without the hash label.</param>
    /// <param name="collisionCount">How many names were taken already; changes the hash.</param>
    public static string Of(Doc template, long? collisionCount)
    {
        var hash = 2166136261u;
        Add(template, ref hash);
        if (collisionCount is { } count)
        {
            AddText(count.ToString(CultureInfo.InvariantCulture), ref hash);
        }

        return Spell(hash);
    }

    /// <summary>Decimal digits as letters: 1 is w, 2 is z…, as SafeEncodeString spells them.</summary>
    public static string Spell(uint hash)
    {
        var digits = hash.ToString(CultureInfo.InvariantCulture);
        return string.Create(digits.Length, digits, static (letters, digits) =>
        {
            for (var i = 0; i < letters.Length; i++)
            {
                letters[i] = SeededRandom.NameLetters[digits[i] % SeededRandom.NameLetters.Length];
            }
        });
    }

    private static void Add(Doc value, ref uint hash)
    {
        if (value is DocObject map)
        {
            AddText("{", ref hash);
            foreach (var (key, field) in map.Fields.OrderBy(static field => field.Key, StringComparer.Ordinal))
            {
                AddText(key, ref hash);
                Add(field, ref hash);
            }

            return;
        }

        if (value is DocArray array)
        {
            AddText("[", ref hash);
            foreach (var item in array.Items)
            {
                Add(item, ref hash);
            }

            return;
        }

        AddText(value.ToString(), ref hash);
    }

    private static void AddText(string text, ref uint hash)
    {
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ octet) * 16777619u;
        }

        hash = (hash ^ 0xFF) * 16777619u;
    }
}
