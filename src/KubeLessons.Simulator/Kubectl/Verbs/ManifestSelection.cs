using System.Collections.Immutable;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary>The manifests of <c>-f</c> for a command that sends them: what can be read is worked on, what cannot is reported last.</summary>
internal sealed class ManifestSelection(Invocation call)
{
    private readonly List<string> _errors = [];

    public ImmutableArray<Target> Targets { get; private set; } = [];

    public IEnumerable<Wait> Read()
    {
        var files = new ManifestFiles(call);
        yield return Wait.Call(files.Read(call.Flags.List("filename")));
        if (files.Manifests.IsEmpty)
        {
            _errors.AddRange(files.Errors);
            yield break;
        }

        var isStrict = call.Flags.TextOrEmpty("validate") is "strict" or "true" or "warn";
        if (isStrict)
        {
            yield return Wait.Call(AskForSchema(files));
            if (call.HasFailed)
            {
                yield break;
            }
        }

        var failure = new FailureSlot();
        yield return Wait.Call(Discovery.Run(call, Discovery.Once, failure));
        if (failure.Value is not null)
        {
            call.Fail($"unable to recognize \"{files.Manifests[0].Source}\": Get \"{call.ServerUrl}/api?timeout=32s\": {failure.Reply?.ConnectionError}");
            yield break;
        }

        if (call.HasFailed)
        {
            yield break;
        }

        var resolved = new ManifestTargets(call, files);
        Targets = resolved.Targets;
        _errors.AddRange(resolved.Errors);
    }

    /// <summary>Fails with what could not be read, or because there was nothing.</summary>
    public void ReportErrors(string verb)
    {
        call.Fail([.. _errors.Select(Failure.Of)]);
        if (_errors.Count == 0 && Targets.IsEmpty && !call.HasFailed)
        {
            call.Fail($"no objects passed to {verb}");
        }
    }

    // Before it sends a manifest, kubectl wants the server's schema; that is where a dead server is noticed first.
    private IEnumerable<Wait> AskForSchema(ManifestFiles files)
    {
        var first = files.Manifests[0];
        var reply = call.Send(new ApiRequest(ApiVerb.Get, default) { NonResourcePath = "/openapi/v3" });
        yield return Wait.For(reply.Takes);
        if (reply.Response is null && !call.HasFailed)
        {
            call.Fail(
                $"error validating \"{first.Source}\": error validating data: failed to download openapi: "
                + $"Get \"{call.ServerUrl}/openapi/v2?timeout=32s\": {reply.ConnectionError}; "
                + "if you choose to ignore these errors, turn validation off with --validate=false");
        }
        else if (files.Manifests.FirstOrDefault(manifest => manifest.ApiVersion.Length == 0) is { } untyped)
        {
            call.Fail(
                $"error validating \"{untyped.Source}\": error validating data: apiVersion not set; "
                + "if you choose to ignore these errors, turn validation off with --validate=false");
        }
    }
}
