using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace KubeLessons.Lessons.Parsing;

/// <summary>Reads the words in a fence's braces.</summary>
internal sealed partial class AttributeReader(ImmutableArray<NodeSpec> nodes, DiagnosticBag diagnostics)
{
    private static readonly (string Word, StepMutant Mutant)[] Mutants =
    [
        ("left-out", StepMutant.LeftOut), ("wrong-node", StepMutant.WrongNode), ("twice", StepMutant.Twice), ("wrong-order", StepMutant.WrongOrder),
    ];

    /// <summary>The name of a fence; a step without one is called after its number.</summary>
    public string ReadName(FencePart fence, int stepNumber)
    {
        var role = fence.Role;
        if (role.IsFlag) return string.Empty;
        if (fence.RoleAttribute is not { } attribute) return $"step-{stepNumber}";
        var name = attribute.Value ?? string.Empty;
        if (name.Length == 0)
            diagnostics.Report(attribute.Position, "lint.nameMissing", role.Key);
        else if (role.Kind != RoleKind.File && !HeaderReader.IdPattern().IsMatch(name))
            diagnostics.Report(attribute.ValuePosition, "lint.name", name);
        return name;
    }

    /// <summary>What any block may say. Keys and languages that do not belong to the fence's role are reported.</summary>
    public BlockAttributes Read(FencePart fence)
    {
        var role = fence.Role;
        if (!role.Languages.IsEmpty && !role.Languages.Contains(fence.Head.Language))
            diagnostics.Report(fence.Position, "lint.language", fence.Head.Language, role.Key, string.Join(", ", role.Languages));
        if (fence.Head.Attributes is not { } attributes) return BlockAttributes.None;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var attribute in attributes)
        {
            if (!role.Keys.Contains(attribute.Key))
                ReportUnknown(fence, attribute);
            else if (!seen.Add(attribute.Key))
                diagnostics.Report(attribute.Position, "lint.duplicateKey", attribute.Key);
            else if (attribute.Value is null or "" && attribute.Key != role.Key)
                diagnostics.Report(attribute.Position, "lint.valueMissing", attribute.Key);
            else if (attribute.Value is not null && attribute.Key == role.Key && role.IsFlag)
                diagnostics.Report(attribute.ValuePosition, "lint.flagValue", attribute.Key);
        }

        return new BlockAttributes(ReadRange(fence), ReadCluster(fence), ReadNotes(fence), ReadNode(fence));
    }

    /// <summary>The mutants that the author declares harmless.</summary>
    public ImmutableArray<HarmlessMutant> ReadHarmless(FencePart fence)
    {
        var because = fence.Find("because");
        if (fence.Find("harmless") is not { } harmless)
        {
            if (because is not null) diagnostics.Report(because.Position, "lint.becauseAlone");
            return [];
        }

        if (because?.Value is not { Length: > 0 }) diagnostics.Report(harmless.Position, "lint.becauseMissing");
        var mutants = ImmutableArray.CreateBuilder<HarmlessMutant>();
        foreach (var word in (harmless.Value ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var index = Array.FindIndex(Mutants, mutant => mutant.Word == word);
            if (index < 0)
                diagnostics.Report(harmless.ValuePosition, "lint.unknownWord", word, NearestWord.Suggest(word, Mutants.Select(mutant => mutant.Word)));
            else
                mutants.Add(new HarmlessMutant(Mutants[index].Mutant, because?.Value ?? string.Empty));
        }

        return mutants.DrainToImmutable();
    }

    /// <summary>The points of a check; 1 where it does not say.</summary>
    public int ReadPoints(FencePart fence)
    {
        if (fence.Find("points") is not { Value.Length: > 0 } attribute) return 1;
        if (int.TryParse(attribute.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var points) && points <= 1000) return points;
        diagnostics.Report(attribute.ValuePosition, "lint.number", attribute.Value, 0, 1000);
        return 1;
    }

    private void ReportUnknown(FencePart fence, FenceAttribute attribute)
    {
        // A role's own key beside another role's is no misspelling: the fence wants to be two things.
        var other = BlockRole.All.FirstOrDefault(role => role.Key == attribute.Key);
        if (other is not null && fence.RoleAttribute is not null)
            diagnostics.Report(attribute.Position, "lint.twoRoles", fence.Role.Key, attribute.Key);
        else
            diagnostics.Report(attribute.Position, "lint.unknownKey", attribute.Key, NearestWord.Suggest(attribute.Key, fence.RoleAttribute is null ? BlockRole.AllKeys : fence.Role.Keys));
    }

    private KubernetesRange ReadRange(FencePart fence)
    {
        if (fence.Find("kubernetes") is not { Value.Length: > 0 } attribute) return KubernetesRange.Any;
        if (!KubernetesRange.TryParse(attribute.Value, out var range)) diagnostics.Report(attribute.ValuePosition, "lint.range", attribute.Value);
        return range;
    }

    private ClusterKind? ReadCluster(FencePart fence)
    {
        if (fence.Find("cluster") is not { Value.Length: > 0 } attribute) return null;
        if (attribute.Value == "simulated") return ClusterKind.Simulated;
        if (attribute.Value == "real") return ClusterKind.Real;
        diagnostics.Report(attribute.ValuePosition, "lint.unknownWord", attribute.Value, NearestWord.Suggest(attribute.Value, ["simulated", "real"]));
        return null;
    }

    private ImmutableArray<string> ReadNotes(FencePart fence)
    {
        if (fence.Find("notes") is not { Value.Length: > 0 } attribute) return [];
        var notes = attribute.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var note in notes.Where(note => !ClaimPattern().IsMatch(note))) diagnostics.Report(attribute.ValuePosition, "lint.claim", note);
        return [.. notes];
    }

    private NodeReference? ReadNode(FencePart fence) =>
        fence.Find("on") is { Value.Length: > 0 } attribute ? NodeNames.Read(attribute.Value, attribute.ValuePosition, nodes, diagnostics) : null;

    [GeneratedRegex("^[A-Z][0-9]{1,3}$", RegexOptions.CultureInvariant)]
    private static partial Regex ClaimPattern();
}
