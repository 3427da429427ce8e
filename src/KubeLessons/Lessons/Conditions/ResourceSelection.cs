namespace KubeLessons.Lessons;

/// <summary>
/// The objects that a condition speaks of, in kubectl's words: <c>TYPE/NAME</c>, or <c>TYPE [-l SELECTOR]</c>, with <c>[-n NAMESPACE]</c> and,
/// for pods, <c>[on NODE]</c>.
/// </summary>
/// <param name="Type">The resource's name, singular, plural or short: <c>pod</c>, <c>deployments</c>, <c>po</c>, <c>certificates.cert-manager.io</c>.</param>
/// <param name="Name">The object's name, or null where several are chosen.</param>
/// <param name="Selector">The label selector in kubectl's notation, or null for all of the type.</param>
/// <param name="Namespace">The namespace, or null for <c>default</c> (no meaning for cluster-wide types); <c>*</c> for all (<c>-A</c>).</param>
/// <param name="On">The node whose pods are meant, or null for any.</param>
public sealed record ResourceSelection(string Type, string? Name, string? Selector, string? Namespace, NodeReference? On)
{
    /// <summary>The namespace of <c>-A</c>.</summary>
    public const string AllNamespaces = "*";
}
