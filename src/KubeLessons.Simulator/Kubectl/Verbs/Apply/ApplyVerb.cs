using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Api.Schema;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Printing;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs.Apply;

/// <summary><c>kubectl apply</c>: creates what is missing, and patches what is there by what changed in the manifest.</summary>
internal sealed class ApplyVerb
{
    /// <summary>A patch that met a newer state is made anew so often (k8s.io/kubectl: maxPatchRetry).</summary>
    private const int MaxPatchRetry = 5;

    private readonly Invocation _call;
    private readonly DryRun _dryRun;
    private readonly ResultPrinter _printer;

    private ApplyVerb(Invocation call, DryRun dryRun, ResultPrinter printer) => (_call, _dryRun, _printer) = (call, dryRun, printer);

    public static Command Command { get; } = new("apply", "(-f FILENAME | -k DIRECTORY) [options]", "Apply a configuration to a resource by file name or stdin")
    {
        Flags =
        [
            .. CommonFlags.Files, .. CommonFlags.Print, CommonFlags.All, CommonFlags.Cascade, CommonFlags.DryRun, CommonFlags.FieldManager("kubectl-client-side-apply"),
            CommonFlags.Selector, CommonFlags.Timeout, CommonFlags.Validate, FlagSpec.Switch("force"), FlagSpec.Switch("force-conflicts"),
            FlagSpec.Int("grace-period", value: -1), FlagSpec.Switch("openapi-patch", on: true), FlagSpec.Switch("overwrite", on: true), FlagSpec.Switch("prune"),
            FlagSpec.Array("prune-allowlist"), FlagSpec.Switch("server-side"), FlagSpec.Text("subresource"), FlagSpec.Switch("wait"),
        ],
        Run = Run,
    };

    private static IEnumerable<Wait> Run(Invocation call)
    {
        if (!call.Flags.Has("filename") && !call.Flags.Has("kustomize"))
        {
            call.Fail("must specify one of -f and -k");
            return [];
        }

        if (!call.Args.IsEmpty)
        {
            call.FailUsage($"Unexpected args: [{string.Join(' ', call.Args)}]");
            return [];
        }

        return DryRuns.Of(call) is { } dryRun && ResultPrinter.For(call, dryRun) is { } printer ? new ApplyVerb(call, dryRun, printer).Run() : [];
    }

    private IEnumerable<Wait> Run()
    {
        var selected = new ManifestSelection(_call);
        yield return Wait.Call(selected.Read());
        foreach (var target in selected.Targets)
        {
            if (target.Name.Length == 0)
            {
                _call.Fail($"from {target.Manifest!.Text("metadata", "generateName")}: cannot use generate name with apply");
                continue;
            }

            yield return Wait.Call(_call.Flags.Flag("server-side") ? ServerSideApply.Run(_call, _dryRun, _printer, target) : Apply(target));
        }

        selected.ReportErrors("apply");
    }

    private IEnumerable<Wait> Apply(Target target)
    {
        var manifest = LastApplied.Annotate(target.Manifest!);
        for (var attempt = 0; attempt <= MaxPatchRetry; attempt++)
        {
            var reply = _call.Send(ObjectQuery.GetRequest(target));
            yield return Wait.For(reply.Takes);
            if (reply.Reason == "NotFound")
            {
                yield return Wait.Call(Create(target, manifest));
                yield break;
            }

            if (!reply.IsSuccess)
            {
                Fail(reply, RetrievalContext(target));
                yield break;
            }

            var live = reply.Response!.Body;
            if (attempt == 0)
            {
                WarnAboutAnnotation(target, live);
            }

            var type = new SchemaTable().Find(target.Resource.Path.Group, target.Resource.Path.Version, target.Resource.Kind);
            var patch = ThreeWayMerge.Patch(LastApplied.Read(live), manifest, live, type);
            if (patch.Count == 0 || _dryRun == DryRun.Client)
            {
                _printer.Print(live, patch.Count == 0 ? "unchanged" : "configured");
                yield break;
            }

            reply = _call.Send(PatchRequest(target, patch, type is null ? PatchKind.Merge : PatchKind.StrategicMerge));
            yield return Wait.For(reply.Takes);
            if (reply.IsSuccess)
            {
                _printer.Print(reply.Response!.Body, "configured");
                WarnIfDeleting(live);
                yield break;
            }

            if (reply.Reason != "Conflict" || attempt == MaxPatchRetry)
            {
                Fail(reply, PatchContext(target, patch));
                yield break;
            }
        }
    }

    private IEnumerable<Wait> Create(Target target, Doc manifest)
    {
        if (_dryRun == DryRun.Client)
        {
            _printer.Print(manifest, "created");
            yield break;
        }

        var reply = _call.Send(ApiRequest.Create(target.Resource.Path, target.Namespace, manifest) with { Options = WriteOptions.Of(_call, _dryRun) });
        yield return Wait.For(reply.Takes);
        if (reply.IsSuccess)
        {
            _printer.Print(reply.Response!.Body, "created");
        }
        else
        {
            _call.Fail(reply, $"error when creating \"{target.Source}\": ");
        }
    }

    private ApiRequest PatchRequest(Target target, DocObject patch, PatchKind kind) => new(ApiVerb.Patch, target.Resource.Path)
    {
        Namespace = target.Namespace,
        Name = target.Name,
        Body = patch,
        Patch = kind,
        Options = WriteOptions.Of(_call, _dryRun),
    };

    private void Fail(ApiReply reply, string context) => _call.Fail(
        reply.Response is null
            ? Failure.Of($"{context}Get \"{_call.ServerUrl}\": {reply.ConnectionError}")
            : _call.FailureOf(reply, context));

    private static string Identity(Target target) =>
        $"Resource: \"{target.Resource.Path.Group}/{target.Resource.Path.Version}, Resource={target.Resource.Path.Plural}\", "
        + $"GroupVersionKind: \"{target.Resource.Path.Group}/{target.Resource.Path.Version}, Kind={target.Resource.Kind}\"\n"
        + $"Name: \"{target.Name}\", Namespace: \"{target.Namespace}\"\n";

    private static string RetrievalContext(Target target) =>
        $"error when retrieving current configuration of:\n{Identity(target)}from server for: \"{target.Source}\": ";

    private static string PatchContext(Target target, Doc patch) =>
        $"error when applying patch:\n{GoJson.Compact(patch)}\nto:\n{Identity(target)}for: \"{target.Source}\": error when patching \"{target.Source}\": ";

    private void WarnAboutAnnotation(Target target, Doc live)
    {
        if (live.At("metadata", "annotations")?.Text(LastApplied.Annotation) is null)
        {
            _call.Err(
                $"Warning: resource {target.Resource.Path.Plural}/{target.Name} is missing the {LastApplied.Annotation} annotation which is required by kubectl apply. "
                + "kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. "
                + "The missing annotation will be patched automatically.\n");
        }
    }

    private void WarnIfDeleting(Doc live)
    {
        if (live.Text("metadata", "deletionTimestamp") is not null)
        {
            _call.Err($"Warning: Detected changes to resource {live.Text("metadata", "name")} which is currently being deleted.\n");
        }
    }
}
