using System.Collections.Immutable;

namespace KubeLessons.Lessons.Parsing;

/// <summary>What a fence is in a lesson.</summary>
internal enum RoleKind
{
    Step,
    File,
    Let,
    Check,
    Predict,
    Todo,
    Solution,
    Cleanup,
    Transcript,
}

/// <summary>A role of fences: the key that gives it, and what may stand beside it.</summary>
/// <param name="Kind">The role.</param>
/// <param name="Key">The key in the braces.</param>
/// <param name="IsFlag">Whether the key has no value.</param>
/// <param name="Languages">The languages of such a fence; none means any.</param>
/// <param name="OtherKeys">What may stand beside it, beyond what any block may say.</param>
internal sealed record BlockRole(RoleKind Kind, string Key, bool IsFlag, ImmutableArray<string> Languages, ImmutableArray<string> OtherKeys)
{
    private static readonly ImmutableArray<string> Shells = ["bash", "sh"];
    private static readonly ImmutableArray<string> Yaml = ["yaml", "yml"];

    /// <summary>The language of a transcript, which needs no braces.</summary>
    public const string Console = "console";

    /// <summary>The keys that any fence may have.</summary>
    public static ImmutableArray<string> CommonKeys { get; } = ["kubernetes", "cluster", "notes", "on"];

    /// <summary>The roles; a fence with braces has the first whose key it holds.</summary>
    public static ImmutableArray<BlockRole> All { get; } =
    [
        new(RoleKind.File, "file", false, [], []),
        new(RoleKind.Let, "let", true, Yaml, []),
        new(RoleKind.Check, "check", false, Yaml, ["after", "points"]),
        new(RoleKind.Predict, "predict", false, Yaml, []),
        new(RoleKind.Todo, "todo", false, Shells, []),
        new(RoleKind.Solution, "solution", false, Shells, ["harmless", "because"]),
        new(RoleKind.Cleanup, "cleanup", true, Shells, []),
        new(RoleKind.Step, "name", false, Shells, ["harmless", "because"]),
    ];

    /// <summary>A step without a name.</summary>
    public static BlockRole NamelessStep { get; } = All[^1];

    /// <summary>A transcript.</summary>
    public static BlockRole Transcript { get; } = new(RoleKind.Transcript, Console, true, [Console], []);

    /// <summary>Every key that some fence may have.</summary>
    public static IEnumerable<string> AllKeys => All.SelectMany(role => role.OtherKeys.Add(role.Key)).Concat(CommonKeys).Distinct(StringComparer.Ordinal);

    /// <summary>The keys of this role's fences.</summary>
    public IEnumerable<string> Keys => OtherKeys.Add(Key).AddRange(CommonKeys);

    /// <summary>The role that a fence's info string gives it; null for a fence that is only read, and null with a report where the role cannot be told.</summary>
    public static BlockRole? Of(FenceHead head, SourcePosition position, DiagnosticBag diagnostics)
    {
        if (head.Language == Console) return Transcript;
        if (head.Attributes is not { } attributes) return null;
        var role = All.FirstOrDefault(role => attributes.Any(attribute => attribute.Key == role.Key));
        if (role is not null || Shells.Contains(head.Language)) return role ?? NamelessStep;
        var odd = attributes.FirstOrDefault(attribute => !CommonKeys.Contains(attribute.Key));
        if (odd is not null)
            diagnostics.Report(odd.Position, "lint.unknownKey", odd.Key, NearestWord.Suggest(odd.Key, AllKeys));
        else
            diagnostics.Report(position, "lint.noRole", string.Join(", ", All.Select(known => known.Key)));
        return null;
    }
}
