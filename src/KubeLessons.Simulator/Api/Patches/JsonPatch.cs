using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Patches;

/// <summary>JSON patches (RFC 6902). A fault is a value.</summary>
internal static class JsonPatch
{
    /// <summary>More operations than this are refused (apiserver: maxJSONPatchOperations).</summary>
    public const int MaxOperations = 10_000;

    public static Doc? Apply(Doc target, Doc patch, out string? fault)
    {
        if (patch is not DocArray operations)
        {
            fault = "json: cannot unmarshal object into Go value of type jsonpatch.Patch";
            return null;
        }

        Doc? result = target;
        foreach (var operation in operations.Items)
        {
            result = ApplyOne(result, operation, out fault);
            if (result is null)
            {
                return null;
            }
        }

        fault = null;
        return result;
    }

    private static Doc? ApplyOne(Doc target, Doc operation, out string? fault)
    {
        fault = null;
        var path = operation.Text("path") ?? "";
        var steps = Steps(path);
        switch (operation.Text("op"))
        {
            case "add":
                return Put(target, steps, operation["value"] ?? Doc.Null, insert: true) ?? Fail("add", path, out fault);
            case "replace":
                return Find(target, steps) is null
                    ? Fail("replace", path, out fault)
                    : Put(target, steps, operation["value"] ?? Doc.Null, insert: false);
            case "remove":
                return Remove(target, steps) ?? Fail("remove", path, out fault);
            case "test":
                var expected = operation["value"] ?? Doc.Null;
                if ((Find(target, steps) ?? Doc.Null).Equals(expected))
                {
                    return target;
                }

                fault = $"testing value {path} failed: test failed";
                return null;
            case "move" or "copy":
                return Transfer(target, operation, steps, out fault);
            default:
                fault = $"Unexpected kind: {operation.Text("op") ?? "unknown"}";
                return null;
        }
    }

    private static Doc? Transfer(Doc target, Doc operation, ReadOnlySpan<string> to, out string? fault)
    {
        fault = null;
        var (op, from) = (operation.Text("op")!, operation.Text("from") ?? "");
        var source = Steps(from);
        if (Find(target, source) is not { } value)
        {
            return Fail(op, from, out fault);
        }

        var rest = op == "move" ? Remove(target, source)! : target;
        return Put(rest, to, value, insert: true) ?? Fail(op, operation.Text("path") ?? "", out fault);
    }

    private static Doc? Fail(string operation, string path, out string? fault)
    {
        fault = $"{operation} operation does not apply: doc is missing path: {path}: missing value";
        return null;
    }

    private static string[] Steps(string pointer) =>
        pointer.Length == 0
            ? []
            : [.. pointer[1..].Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];

    private static Doc? Find(Doc? at, ReadOnlySpan<string> steps)
    {
        foreach (var step in steps)
        {
            at = at is DocArray array
                ? Index(array, step) is var i and >= 0 && i < array.Items.Length ? array.Items[i] : null
                : at?[step];
        }

        return at;
    }

    private static Doc? Put(Doc at, ReadOnlySpan<string> steps, Doc value, bool insert)
    {
        if (steps.IsEmpty)
        {
            return value;
        }

        var last = steps.Length == 1;
        if (at is DocArray array)
        {
            var i = Index(array, steps[0]);
            if (last && insert)
            {
                return i < 0 || i > array.Items.Length ? null : new DocArray(array.Items.Insert(i, value));
            }

            return i >= 0 && i < array.Items.Length && Put(array.Items[i], steps[1..], value, insert) is { } changed
                ? new DocArray(array.Items.SetItem(i, changed))
                : null;
        }

        if (at is not DocObject || (!last && at[steps[0]] is null))
        {
            return null;
        }

        return last ? at.With(value, steps[0])
            : Put(at[steps[0]]!, steps[1..], value, insert) is { } inner ? at.With(inner, steps[0])
            : null;
    }

    private static Doc? Remove(Doc at, ReadOnlySpan<string> steps)
    {
        if (steps.IsEmpty)
        {
            return null;
        }

        if (at is DocArray array)
        {
            var i = Index(array, steps[0]);
            if (i < 0 || i >= array.Items.Length)
            {
                return null;
            }

            return steps.Length == 1 ? new DocArray(array.Items.RemoveAt(i))
                : Remove(array.Items[i], steps[1..]) is { } changed ? new DocArray(array.Items.SetItem(i, changed))
                : null;
        }

        if (at[steps[0]] is not { } child)
        {
            return null;
        }

        return steps.Length == 1 ? at.Without(steps[0])
            : Remove(child, steps[1..]) is { } inner ? at.With(inner, steps[0])
            : null;
    }

    private static int Index(DocArray array, string step) =>
        step == "-" ? array.Items.Length
        : int.TryParse(step, System.Globalization.NumberStyles.None, null, out var index) ? index
        : -1;
}
