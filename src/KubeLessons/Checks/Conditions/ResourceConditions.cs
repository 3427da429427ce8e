using System.Globalization;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Checks;

/// <summary>Judges <c>SELECTION TEST</c>.</summary>
internal static class ResourceConditions
{
    public static Finding Evaluate(ResourceCondition condition, Viewpoint view)
    {
        var selected = Selecting.Select(condition.Selection, view);
        if (selected.Fault is { } fault)
        {
            return Finding.Faulty(fault);
        }

        return condition.Test switch
        {
            ResourceTest.Count count => CountOf(count, selected),
            ResourceTest.Absent => selected.Objects is [var there, ..]
                ? new Finding(false, Said.NotThere, Said.There, there.Since, there.Id)
                : new Finding(true, Said.NotThere, Said.NotThere, null, selected.Named),
            _ => ForEach(condition.Test, selected, view),
        };
    }

    /// <summary>Compares two texts; as numbers (or quantities that look alike) where both are, for the order signs.</summary>
    public static bool Compare(string actual, Comparison comparison, string expected) => comparison switch
    {
        Comparison.Equal => actual == expected,
        Comparison.NotEqual => actual != expected,
        Comparison.Matches => Patterns.IsMatch(actual, expected),
        _ when double.TryParse(actual, CultureInfo.InvariantCulture, out var a)
            && double.TryParse(expected, CultureInfo.InvariantCulture, out var b) => comparison switch
            {
                Comparison.Less => a < b,
                Comparison.LessOrEqual => a <= b,
                Comparison.Greater => a > b,
                _ => a >= b,
            },
        _ => false,
    };

    public static string Sign(Comparison comparison) => comparison switch
    {
        Comparison.Equal => "=",
        Comparison.NotEqual => "!=",
        Comparison.Matches => "=~",
        Comparison.Less => "<",
        Comparison.LessOrEqual => "<=",
        Comparison.Greater => ">",
        _ => ">=",
    };

    private static Finding CountOf(ResourceTest.Count test, Selected selected)
    {
        var count = selected.Objects.Count;
        var number = count.ToString(CultureInfo.InvariantCulture);
        var wanted = test.Number.ToString(CultureInfo.InvariantCulture);
        return new Finding(
            Compare(number, test.Comparison, wanted),
            Said.Verbatim($"count {Sign(test.Comparison)} {wanted}"),
            Said.Verbatim($"count = {number}"),
            selected.Objects.Count > 0 ? selected.Objects.Max(item => item.Since) : null,
            selected.Objects.Count > 0 ? selected.Objects[^1].Id : null);
    }

    private static Finding ForEach(ResourceTest test, Selected selected, Viewpoint view)
    {
        if (selected.Objects.Count == 0)
        {
            return new Finding(false, Expected(test, view), Said.NotThere, null, selected.Named);
        }

        Finding? last = null;
        foreach (var item in selected.Objects)
        {
            last = Test(test, item, view);
            if (!last.Holds)
            {
                return last;
            }
        }

        return last!;
    }

    private static Finding Test(ResourceTest test, ObservedObject item, Viewpoint view)
    {
        var (holds, actual) = test switch
        {
            ResourceTest.Exists => (true, Said.There),
            ResourceTest.Deleting => item.Root.Text("metadata", "deletionTimestamp") is { } time
                ? (true, Said.Verbatim($"deletionTimestamp={time}"))
                : (false, Message.Of("check.notDeleting")),
            ResourceTest.HasCondition wanted => Condition(wanted, item),
            ResourceTest.HasTaint wanted => Taint(wanted, item),
            ResourceTest.JsonPath wanted => Path(wanted, item, view),
            _ => (false, Said.Verbatim(test.GetType().Name)),
        };
        return new Finding(holds, Expected(test, view), actual, item.Since, item.Id);
    }

    private static Message Expected(ResourceTest test, Viewpoint view) => test switch
    {
        ResourceTest.HasCondition wanted => Said.Verbatim($"{wanted.Type}={wanted.Status}"),
        ResourceTest.HasTaint { Value: null } wanted => Said.Verbatim($"taint {wanted.Key}:{wanted.Effect}"),
        ResourceTest.HasTaint wanted => Said.Verbatim($"taint {wanted.Key}={wanted.Value}:{wanted.Effect}"),
        ResourceTest.JsonPath { Value: { } value } wanted =>
            Said.Verbatim($"{wanted.Path} {Sign(wanted.Comparison)} {view.Variables.Substitute(value).Text}"),
        ResourceTest.JsonPath wanted => Message.Of("check.pathFindsSomething", wanted.Path),
        ResourceTest.Deleting => Message.Of("check.deleting"),
        _ => Said.There,
    };

    private static (bool Holds, Message Actual) Condition(ResourceTest.HasCondition wanted, ObservedObject item)
    {
        foreach (var condition in item.Root.List("status", "conditions"))
        {
            if (string.Equals(condition.Text("type"), wanted.Type, StringComparison.OrdinalIgnoreCase))
            {
                var status = condition.Text("status") ?? "";
                var reason = condition.Text("reason") is { Length: > 0 } text ? $" ({text})" : "";
                return (
                    string.Equals(status, wanted.Status, StringComparison.OrdinalIgnoreCase),
                    Said.Verbatim($"{wanted.Type}={status}{reason}"));
            }
        }

        return (false, Message.Of("check.noCondition", wanted.Type));
    }

    private static (bool Holds, Message Actual) Taint(ResourceTest.HasTaint wanted, ObservedObject item)
    {
        var taints = item.Root.List("spec", "taints").ToList();
        var found = taints.Any(taint => taint.Text("key") == wanted.Key
            && taint.Text("effect") == wanted.Effect
            && (wanted.Value is null || (taint.Text("value") ?? "") == wanted.Value));
        var all = string.Join(", ", taints.Select(taint => $"{taint.Text("key")}:{taint.Text("effect")}"));
        return (found, all.Length == 0 ? Message.Of("check.noTaints") : Said.Verbatim(all));
    }

    private static (bool Holds, Message Actual) Path(ResourceTest.JsonPath wanted, ObservedObject item, Viewpoint view)
    {
        var value = JsonPath.Evaluate(item.Root, view.Variables.Substitute(wanted.Path).Text);
        var actual = value is null ? Said.NotThere : Said.Verbatim($"{wanted.Path} = {value}");
        return wanted.Value is null
            ? (!string.IsNullOrEmpty(value), actual)
            : (Compare(value ?? "", wanted.Comparison, view.Variables.Substitute(wanted.Value).Text), actual);
    }
}
