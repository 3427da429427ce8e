using System.Text;
using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Pods;

/// <summary>
/// The difference of two pod specs as kube-apiserver prints it (github.com/google/go-cmp over its own core.PodSpec): changed fields
/// with two neighbours, the rest counted.
/// </summary>
internal static class PodSpecDiff
{
    private const int Context = 2;

    /// <summary>The fields of the internal type in their order, with what an unset one prints as. The last four are newer than 1.20.</summary>
    private static readonly (string Name, string Unset)[] Fields =
    [
        ("Volumes", "nil"), ("InitContainers", "nil"), ("Containers", "nil"), ("EphemeralContainers", "nil"), ("RestartPolicy", "\"\""),
        ("TerminationGracePeriodSeconds", "nil"), ("ActiveDeadlineSeconds", "nil"), ("DNSPolicy", "\"\""), ("NodeSelector", "nil"),
        ("ServiceAccountName", "\"\""), ("AutomountServiceAccountToken", "nil"), ("NodeName", "\"\""), ("SecurityContext", "nil"),
        ("ImagePullSecrets", "nil"), ("Hostname", "\"\""), ("SetHostnameAsFQDN", "nil"), ("Subdomain", "\"\""), ("Affinity", "nil"),
        ("SchedulerName", "\"\""), ("Tolerations", "nil"), ("HostAliases", "nil"), ("PriorityClassName", "\"\""), ("Priority", "nil"),
        ("PreemptionPolicy", "nil"), ("DNSConfig", "nil"), ("ReadinessGates", "nil"), ("RuntimeClassName", "nil"), ("Overhead", "nil"),
        ("EnableServiceLinks", "nil"), ("TopologySpreadConstraints", "nil"), ("OS", "nil"), ("SchedulingGates", "nil"),
        ("ResourceClaims", "nil"), ("Resources", "nil"),
    ];

    /// <summary>From <paramref name="minus"/> to <paramref name="plus"/>.</summary>
    public static string Of(Doc minus, Doc plus, int minor)
    {
        var fields = Fields.AsSpan(0, minor >= 32 ? Fields.Length : minor >= 27 ? Fields.Length - 1 : Fields.Length - 4);
        var changed = new bool[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            changed[i] = !Show(minus, fields[i]).Equals(Show(plus, fields[i]), StringComparison.Ordinal);
        }

        var text = new StringBuilder("  core.PodSpec{\n");
        for (var at = 0; at < fields.Length;)
        {
            var end = at;
            while (end < fields.Length && IsShown(changed, end) == IsShown(changed, at))
            {
                end++;
            }

            if (IsShown(changed, at))
            {
                Append(text, fields[at..end], changed.AsSpan(at, end - at), minus, plus);
            }
            else
            {
                text.Append($"  \t... // {end - at} identical field{(end - at == 1 ? "" : "s")}\n");
            }

            at = end;
        }

        return text.Append("  }\n").ToString();
    }

    private static bool IsShown(bool[] changed, int at)
    {
        for (var near = Math.Max(0, at - Context); near <= Math.Min(changed.Length - 1, at + Context); near++)
        {
            if (changed[near])
            {
                return true;
            }
        }

        return false;
    }

    private static void Append(StringBuilder text, ReadOnlySpan<(string Name, string Unset)> fields, ReadOnlySpan<bool> changed, Doc minus, Doc plus)
    {
        var width = 0;
        foreach (var (name, _) in fields)
        {
            width = Math.Max(width, name.Length + 2);
        }

        for (var i = 0; i < fields.Length; i++)
        {
            var label = (fields[i].Name + ":").PadRight(width);
            if (changed[i])
            {
                text.Append($"- \t{label}{Show(minus, fields[i])},\n+ \t{label}{Show(plus, fields[i])},\n");
            }
            else
            {
                text.Append($"  \t{label}{Show(plus, fields[i])},\n");
            }
        }
    }

    private static string Show(Doc spec, (string Name, string Unset) field)
    {
        var json = field.Name switch
        {
            "DNSPolicy" => "dnsPolicy",
            "DNSConfig" => "dnsConfig",
            "OS" => "os",
            _ => char.ToLowerInvariant(field.Name[0]) + field.Name[1..],
        };
        return spec[json] switch
        {
            null => field.Unset,
            DocText text when field.Unset == "nil" => "&" + GoText.Quote(text.AsText),
            DocText text => GoText.Quote(text.AsText),
            DocObject { Count: 0 } => "&{}",
            DocNumber or DocBool => "&" + spec[json],
            var other => GoText.Literal(other!),
        };
    }
}
