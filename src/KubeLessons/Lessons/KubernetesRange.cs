using System.Collections.Immutable;
using System.Globalization;

namespace KubeLessons.Lessons;

/// <summary>A minor version of Kubernetes, e.g. 1.33.</summary>
public readonly record struct KubernetesVersion(int Major, int Minor) : IComparable<KubernetesVersion>
{
    /// <summary>Reads <c>1.33</c>, <c>v1.33</c> or <c>1.33.2</c> (the patch is dropped); false for any other text.</summary>
    public static bool TryParse(string text, out KubernetesVersion version)
    {
        version = default;
        var parts = text.TrimStart('v').Split('.');
        if (parts.Length is < 2 or > 3) return false;
        if (!TryReadNumber(parts[0], out var major) || !TryReadNumber(parts[1], out var minor)) return false;
        if (parts.Length == 3 && !TryReadNumber(parts[2], out _)) return false;
        version = new KubernetesVersion(major, minor);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(KubernetesVersion other) => Major != other.Major ? Major.CompareTo(other.Major) : Minor.CompareTo(other.Minor);

    /// <inheritdoc/>
    public override string ToString() => $"{Major}.{Minor}";

    private static bool TryReadNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>
/// The Kubernetes versions for which something is true: bounds that must all hold, e.g. <c>&gt;=1.20 &lt;1.32</c>. No bound means every version.
/// </summary>
public sealed record KubernetesRange(ImmutableArray<KubernetesBound> Bounds)
{
    /// <summary>Every version.</summary>
    public static KubernetesRange Any { get; } = new([]);

    /// <summary>Whether the range holds <paramref name="version"/>.</summary>
    public bool Contains(KubernetesVersion version) => Bounds.All(bound => bound.Admits(version));

    /// <summary>Reads bounds separated by blanks or commas; a version without an operator means exactly that minor version.</summary>
    public static bool TryParse(string text, out KubernetesRange range)
    {
        range = Any;
        var words = text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) return false;
        var bounds = ImmutableArray.CreateBuilder<KubernetesBound>(words.Length);
        foreach (var word in words)
        {
            var sign = word[..(word.Length - word.TrimStart('<', '>', '=', '!').Length)];
            if (sign is not ("" or "=" or "==" or "!=" or ">" or ">=" or "<" or "<=")) return false;
            if (!KubernetesVersion.TryParse(word[sign.Length..], out var version)) return false;
            bounds.Add(new KubernetesBound(sign is "" or "==" ? "=" : sign, version));
        }

        range = new KubernetesRange(bounds.MoveToImmutable());
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', Bounds);
}

/// <summary>One bound of a range.</summary>
/// <param name="Sign">One of <c>= != &gt; &gt;= &lt; &lt;=</c>.</param>
/// <param name="Version">The version that it compares with.</param>
public sealed record KubernetesBound(string Sign, KubernetesVersion Version)
{
    /// <summary>Whether <paramref name="version"/> lies within the bound.</summary>
    public bool Admits(KubernetesVersion version)
    {
        var order = version.CompareTo(Version);
        return Sign switch
        {
            "=" => order == 0,
            "!=" => order != 0,
            ">" => order > 0,
            ">=" => order >= 0,
            "<" => order < 0,
            _ => order <= 0,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Sign + Version;
}
