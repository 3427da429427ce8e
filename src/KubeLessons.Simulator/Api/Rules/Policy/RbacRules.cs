using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Policy;

/// <summary>Roles and ClusterRoles (pkg/apis/rbac/validation).</summary>
internal sealed class RoleRules(bool isClusterRole) : KindRules
{
    public override string? CheckName(string name) => Names.PathSegment(name);

    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        var rules = value.List("rules");
        for (var i = 0; i < rules.Length; i++)
        {
            var (rule, at) = (rules[i], $"rules[{i}]");
            if (rule.List("verbs").IsEmpty)
            {
                errors.Required(at + ".verbs", "verbs must contain at least one value");
            }

            if (!rule.List("nonResourceURLs").IsEmpty)
            {
                if (!isClusterRole)
                {
                    errors.Invalid(at + ".nonResourceURLs", rule["nonResourceURLs"], "namespaced rules cannot apply to non-resource URLs");
                }

                continue;
            }

            if (rule.List("apiGroups").IsEmpty)
            {
                errors.Required(at + ".apiGroups", "resource rules must supply at least one api group");
            }

            if (rule.List("resources").IsEmpty)
            {
                errors.Required(at + ".resources", "resource rules must supply at least one resource");
            }
        }
    }
}

/// <summary>RoleBindings and ClusterRoleBindings (pkg/apis/rbac/v1/defaults.go, pkg/apis/rbac/validation).</summary>
internal sealed class RoleBindingRules : KindRules
{
    private const string Group = "rbac.authorization.k8s.io";

    public override string? CheckName(string name) => Names.PathSegment(name);

    public override Doc Default(Doc value, RuleContext context) => value
        .In("roleRef", static reference => reference.Or("apiGroup", Group))
        .Each("subjects", static subject => subject.Text("kind") is "User" or "Group" ? subject.Or("apiGroup", Group) : subject);

    public override void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
        var reference = value["roleRef"] ?? Doc.Empty;
        if (reference.Text("apiGroup") != Group)
        {
            errors.NotSupported("roleRef.apiGroup", reference["apiGroup"] ?? "", Group);
        }

        if (reference.Text("kind") is not ("Role" or "ClusterRole"))
        {
            errors.NotSupported("roleRef.kind", reference["kind"] ?? "", "ClusterRole", "Role");
        }

        if (string.IsNullOrEmpty(reference.Text("name")))
        {
            errors.Required("roleRef.name");
        }

        var subjects = value.List("subjects");
        for (var i = 0; i < subjects.Length; i++)
        {
            ValidateSubject(subjects[i], $"subjects[{i}]", value.At("metadata", "namespace") is not null, errors);
        }
    }

    public override void ValidateUpdate(Doc value, Doc before, FieldErrors errors, RuleContext context)
    {
        var (now, old) = (value["roleRef"] ?? Doc.Empty, before["roleRef"] ?? Doc.Empty);
        if (!now.Equals(old))
        {
            errors.InvalidShown(
                "roleRef",
                $"rbac.RoleRef{{APIGroup:{GoText.Quote(now.Text("apiGroup") ?? "")}, Kind:{GoText.Quote(now.Text("kind") ?? "")}, Name:{GoText.Quote(now.Text("name") ?? "")}}}",
                "cannot change roleRef");
        }
    }

    private static void ValidateSubject(Doc subject, string at, bool isNamespaced, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(subject.Text("name")))
        {
            errors.Required(at + ".name");
        }

        switch (subject.Text("kind"))
        {
            case "ServiceAccount":
                if (!isNamespaced && string.IsNullOrEmpty(subject.Text("namespace")))
                {
                    errors.Required(at + ".namespace");
                }

                break;
            case "User" or "Group":
                break;
            default:
                errors.NotSupported(at + ".kind", subject["kind"] ?? "", "ServiceAccount", "User", "Group");
                break;
        }
    }
}
