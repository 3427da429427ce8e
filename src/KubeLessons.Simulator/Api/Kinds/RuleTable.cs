using KubeLessons.Simulator.Api.Rules;

namespace KubeLessons.Simulator.Api.Kinds;

/// <summary>Which kinds have rules of their own.</summary>
internal static class RuleTable
{
    public static KindRules For(string group, string plural) => (group, plural) switch
    {
        ("", "namespaces") => new NamespaceRules(),
        ("", "pods") => new PodRules(),
        _ => KindRules.None,
    };
}
