using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Authorization;

/// <summary>
/// The roles and bindings that a kube-apiserver makes at its first start (plugin/pkg/auth/authorizer/rbac/bootstrappolicy), as far
/// as somebody besides the control plane needs them: <c>bootstrap-roles.tsv</c> and <c>bootstrap-bindings.tsv</c>.
/// </summary>
internal static class BootstrapPolicy
{
    private const string Group = "rbac.authorization.k8s.io";

    /// <summary>The objects with their plural names, in the order in which they are made.</summary>
    public static IEnumerable<(string Plural, Doc Body)> Objects()
    {
        foreach (var role in DataFile.Rows("bootstrap-roles.tsv").GroupBy(row => row[0], StringComparer.Ordinal))
        {
            yield return ("clusterroles", Doc.Obj(("metadata", Metadata(role.Key)), ("rules", Doc.Arr(role.Select(Rule)))));
        }

        foreach (var row in DataFile.Rows("bootstrap-bindings.tsv"))
        {
            yield return ("clusterrolebindings", Doc.Obj(
                ("metadata", Metadata(row[0])),
                ("roleRef", Doc.Obj(("apiGroup", Group), ("kind", "ClusterRole"), ("name", row[1]))),
                ("subjects", Doc.Arr(row[3].Split(',').Select(name => (Doc)Doc.Obj(("kind", row[2]), ("apiGroup", Group), ("name", name)))))));
        }
    }

    private static DocObject Metadata(string name) => Doc.Obj(
        ("name", name),
        ("labels", Doc.Obj(("kubernetes.io/bootstrapping", "rbac-defaults"))),
        ("annotations", Doc.Obj(("rbac.authorization.kubernetes.io/autoupdate", "true"))));

    private static Doc Rule(string[] row) => Doc.Obj(
        ("verbs", Texts(row[1])),
        ("apiGroups", row[3].Length == 0 ? null : Texts(row[2])),
        ("resources", row[3].Length == 0 ? null : Texts(row[3])),
        ("nonResourceURLs", row[4].Length == 0 ? null : Texts(row[4])));

    private static DocArray Texts(string cell) => Doc.Arr(cell.Split(',').Select(text => (Doc)(text == "core" ? "" : text)));
}
