using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules;

/// <summary>Namespaces (pkg/registry/core/namespace/strategy.go).</summary>
internal sealed class NamespaceRules : KindRules
{
    public override Doc Default(Doc value, RuleContext context) =>
        // The label that selects a namespace by its name: defaulted since 1.21 (NamespaceDefaultLabelName).
        context.Version.Minor >= 21 && value.Text("metadata", "name") is { Length: > 0 } name
            ? value.With(name, "metadata", "labels", "kubernetes.io/metadata.name")
            : value;

    public override Doc PrepareForCreate(Doc value, RuleContext context)
    {
        var finalizers = value.List("spec", "finalizers");
        if (!finalizers.Any(each => each.AsText == "kubernetes"))
        {
            value = value.With(new DocArray(finalizers.Add("kubernetes")), "spec", "finalizers");
        }

        return value.With(Doc.Obj(("phase", "Active")), "status");
    }

    public override Doc PrepareForUpdate(Doc value, Doc before, RuleContext context) =>
        value.With(before.At("spec", "finalizers"), "spec", "finalizers");

    public override Doc PrepareForStatusUpdate(Doc value, Doc before, RuleContext context) =>
        value.With(before.At("spec", "finalizers"), "spec", "finalizers");

    public override string? CheckName(string name) => Names.Dns1123Label(name);
}
