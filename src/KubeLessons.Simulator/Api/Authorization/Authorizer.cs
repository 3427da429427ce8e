using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api.Authorization;

/// <summary>
/// Decides who may do what: the cluster's administrators all, the control plane's own identities all that they need (their many
/// bootstrap roles are not spelt out), nodes what the role system:node says, everybody else what roles and bindings say
/// (plugin/pkg/auth/authorizer/{node,rbac}).
/// </summary>
internal sealed class Authorizer(ApiServer server)
{
    private const string Group = "rbac.authorization.k8s.io";

    private static readonly string[] TrustedUsers =
        ["system:apiserver", "system:kube-controller-manager", "system:kube-scheduler"];

    private static readonly string[] TrustedGroups = ["system:masters", "kubeadm:cluster-admins"];

    /// <summary>True when the user may; else the reason names a role that a binding refers to and that is not there ("" for none).</summary>
    public bool Allows(ApiUser user, AccessQuestion question, out string reason)
    {
        reason = "";
        if (IsTrusted(user))
        {
            return true;
        }

        if (user.Groups.Contains("system:nodes") && AnyRuleAllows(ClusterRole("system:node"), question))
        {
            return true;
        }

        var missing = new List<string>();
        foreach (var (rules, roleName) in RulesFor(user, question.Namespace))
        {
            if (rules is null)
            {
                missing.Add(roleName);
            }
            else if (AnyRuleAllows(rules, question))
            {
                return true;
            }
        }

        reason = missing.Count == 0 ? "" : "RBAC: " + string.Join(", ", missing.Select(name => $"{name} not found"));
        return false;
    }

    /// <summary>All rules that give the user anything in a namespace, for SelfSubjectRulesReview.</summary>
    public IEnumerable<Doc> RulesOf(ApiUser user, string ns)
    {
        var sources = RulesFor(user, ns).Select(each => each.Rules);
        if (IsTrusted(user))
        {
            sources = sources.Prepend(ClusterRole("cluster-admin"));
        }

        if (user.Groups.Contains("system:nodes"))
        {
            sources = sources.Append(ClusterRole("system:node"));
        }

        return sources.OfType<Doc>().SelectMany(role => role.List("rules"));
    }

    private static bool IsTrusted(ApiUser user) =>
        TrustedUsers.Contains(user.Name) || user.Groups.Any(group => TrustedGroups.Contains(group));

    private IEnumerable<(Doc? Rules, string RoleName)> RulesFor(ApiUser user, string ns)
    {
        foreach (var binding in server.Store.List("clusterrolebindings." + Group))
        {
            if (BindsTo(binding.Object!, user, ""))
            {
                var name = binding.Object!.Text("roleRef", "name") ?? "";
                yield return (ClusterRole(name), $"clusterrole.{Group} \"{name}\"");
            }
        }

        if (ns.Length == 0)
        {
            yield break;
        }

        foreach (var binding in server.Store.List("rolebindings." + Group, ns))
        {
            if (!BindsTo(binding.Object!, user, ns))
            {
                continue;
            }

            var reference = binding.Object!["roleRef"]!;
            var name = reference.Text("name") ?? "";
            yield return reference.Text("kind") == "ClusterRole"
                ? (ClusterRole(name), $"clusterrole.{Group} \"{name}\"")
                : (server.Store.Get(new ObjectKey("roles." + Group, ns, name))?.Object, $"role.{Group} \"{name}\"");
        }
    }

    private Doc? ClusterRole(string name) => server.Store.Get(new ObjectKey("clusterroles." + Group, "", name))?.Object;

    private static bool BindsTo(Doc binding, ApiUser user, string ns)
    {
        foreach (var subject in binding.List("subjects"))
        {
            var name = subject.Text("name") ?? "";
            var matches = subject.Text("kind") switch
            {
                "User" => name == user.Name,
                "Group" => user.Groups.Contains(name),
                "ServiceAccount" => user.Name == $"system:serviceaccount:{subject.Text("namespace") ?? ns}:{name}",
                _ => false,
            };
            if (matches)
            {
                return true;
            }
        }

        return false;
    }

    private static bool AnyRuleAllows(Doc? role, AccessQuestion question)
    {
        foreach (var rule in role?.List("rules") ?? [])
        {
            if (Has(rule, "verbs", question.Verb) && (question.Path is { } path ? AllowsPath(rule, path) : AllowsResource(rule, question)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AllowsPath(Doc rule, string path)
    {
        foreach (var pattern in rule.List("nonResourceURLs"))
        {
            var text = pattern.AsText ?? "";
            if (text == path || text == "*" || (text.EndsWith('*') && path.StartsWith(text.AsSpan(0, text.Length - 1), StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AllowsResource(Doc rule, AccessQuestion question)
    {
        if (!Has(rule, "apiGroups", question.Group))
        {
            return false;
        }

        var slash = question.Resource.IndexOf('/', StringComparison.Ordinal);
        if (!Has(rule, "resources", question.Resource) && (slash < 0 || !Has(rule, "resources", "*" + question.Resource[slash..])))
        {
            return false;
        }

        var names = rule.List("resourceNames");
        return names.IsEmpty || names.Any(name => name.AsText == question.Name);
    }

    private static bool Has(Doc rule, string field, string wanted)
    {
        foreach (var entry in rule.List(field))
        {
            if (entry.AsText == wanted || entry.AsText == "*")
            {
                return true;
            }
        }

        return false;
    }
}
