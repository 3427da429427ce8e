using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Printing;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary>The annotation in which <c>kubectl apply</c> remembers the manifest.</summary>
internal static class LastApplied
{
    public const string Annotation = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>The manifest as the annotation holds it, with a line feed at its end.</summary>
    public static string TextOf(Doc manifest)
    {
        var bare = manifest.Without("metadata", "annotations", Annotation);
        return GoJson.Compact(bare.At("metadata", "annotations") is null ? bare.With(Doc.Empty, "metadata", "annotations") : bare) + "\n";
    }

    /// <summary>The manifest with itself in the annotation.</summary>
    public static Doc Annotate(Doc manifest) => manifest.With(TextOf(manifest), "metadata", "annotations", Annotation);

    /// <summary>What the annotation of a live object holds; null when it has none.</summary>
    public static Doc? Read(Doc live) =>
        live.At("metadata", "annotations")?.Text(Annotation) is { } text && DocJson.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var value, out _)
            ? value
            : null;
}
