using System.Text;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Printing;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary><c>kubectl patch</c>: sends a patch of the learner's own.</summary>
internal static class PatchVerb
{
    public static Command Command { get; } = new("patch", "(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE] [options]", "Update fields of a resource")
    {
        Flags =
        [
            .. CommonFlags.Files, .. CommonFlags.Print, CommonFlags.DryRun, CommonFlags.FieldManager("kubectl-patch"), FlagSpec.Switch("local"),
            FlagSpec.Text("patch", 'p'), FlagSpec.Text("patch-file"), FlagSpec.Text("subresource"), FlagSpec.Text("type", value: "strategic"),
        ],
        Run = Run,
    };

    private static IEnumerable<Wait> Run(Invocation call)
    {
        var (patch, kind, complaint) = ReadPatch(call);
        if (patch is null)
        {
            call.Fail(complaint!.StartsWith("Error from server", StringComparison.Ordinal) ? new Failure(complaint) : Failure.Of(complaint));
            yield break;
        }

        if (DryRuns.Of(call) is not { } dryRun || ResultPrinter.For(call, dryRun == DryRun.Client ? DryRun.None : dryRun) is not { } printer)
        {
            yield break;
        }

        var arguments = new ResourceArguments(call, new ArgumentRules());
        yield return Wait.Call(arguments.Read());
        if (call.HasFailed)
        {
            yield break;
        }

        var fetch = new ObjectFetch(call, arguments.Query);
        yield return Wait.Call(fetch.Run());
        foreach (var found in fetch.Found)
        {
            var reply = call.Send(new ApiRequest(ApiVerb.Patch, found.Resource.Path)
            {
                Namespace = found.Namespace,
                Name = found.Name,
                Subresource = call.Flags.Text("subresource"),
                Body = patch,
                Patch = kind,
                Options = WriteOptions.Of(call, dryRun == DryRun.Client ? DryRun.Server : dryRun),
            });
            yield return Wait.For(reply.Takes);
            if (!reply.IsSuccess)
            {
                call.Fail(reply);
                continue;
            }

            var after = reply.Response!.Body;
            var isSame = after.Without("metadata", "managedFields").Equals(found.Value.Without("metadata", "managedFields"));
            printer.Print(after, isSame ? "patched (no change)" : "patched");
        }

        call.Fail(fetch.Failures);
    }

    private static (Doc? Patch, PatchKind Kind, string? Complaint) ReadPatch(Invocation call)
    {
        var (text, file) = (call.Flags.Text("patch"), call.Flags.Text("patch-file"));
        if (text.Length > 0 && file.Length > 0)
        {
            return (null, default, "cannot specify --patch and --patch-file together");
        }

        if (file.Length > 0)
        {
            if (call.Self.Files.Read(call.PathOf(file)) is not { } content)
            {
                return (null, default, $"unable to read patch file: open {file}: no such file or directory");
            }

            text = content;
        }

        if (text.Length == 0)
        {
            return (null, default, "must specify --patch or --patch-file containing the contents of the patch");
        }

        PatchKind? kind = call.Flags.Text("type") switch
        {
            "json" => PatchKind.Json,
            "merge" => PatchKind.Merge,
            "strategic" => PatchKind.StrategicMerge,
            _ => null,
        };
        if (kind is null)
        {
            return (null, default, $"--type must be one of [json merge strategic], not \"{call.Flags.Text("type")}\"");
        }

        if (DocJson.TryParse(Encoding.UTF8.GetBytes(text), out var json, out _))
        {
            return (json, kind.Value, null);
        }

        if (text.AsSpan().TrimStart().StartsWith("{"))
        {
            // What looks like JSON is left to the server, which refuses it.
            return (null, default, "Error from server (BadRequest): " + GoJsonFault.Of(text));
        }

        return DocYaml.TryParse(text, out var value, out var error)
            ? (value ?? Doc.Empty, kind.Value, null)
            : (null, default, $"unable to parse \"{text}\": {error}");
    }
}
