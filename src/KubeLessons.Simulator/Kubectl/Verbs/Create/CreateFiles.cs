using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Kubectl.Resources;
using KubeLessons.Simulator.Kubectl.Verbs.Get;

namespace KubeLessons.Simulator.Kubectl.Verbs.Create;

/// <summary><c>kubectl create -f FILE</c>.</summary>
internal static class CreateFiles
{
    public static IEnumerable<Wait> Run(Invocation call)
    {
        if (!call.Flags.Has("filename") && !call.Flags.Has("kustomize"))
        {
            call.Fail("must specify one of -f and -k");
            yield break;
        }

        if (call.Flags.Text("raw") is { Length: > 0 } raw)
        {
            yield return Wait.Call(RawRequest.Create(call, raw));
            yield break;
        }

        if (!call.Args.IsEmpty)
        {
            call.FailUsage($"Unexpected args: [{string.Join(' ', call.Args)}]");
            yield break;
        }

        if (DryRuns.Of(call) is not { } dryRun || ResultPrinter.For(call, dryRun) is not { } printer)
        {
            yield break;
        }

        var selected = new ManifestSelection(call);
        yield return Wait.Call(selected.Read());
        foreach (var target in selected.Targets)
        {
            if (dryRun == DryRun.Client)
            {
                printer.Print(target.Manifest!, "created");
                continue;
            }

            var value = call.Flags.Flag("save-config") ? LastApplied.Annotate(target.Manifest!) : target.Manifest!;
            var reply = call.Send(ApiRequest.Create(target.Resource.Path, target.Namespace, value) with
            {
                Options = WriteOptions.Of(call, dryRun),
            });
            yield return Wait.For(reply.Takes);
            if (reply.IsSuccess)
            {
                printer.Print(reply.Response!.Body, "created");
            }
            else
            {
                call.Fail(reply, $"error when creating \"{target.Source}\": ");
                if (reply.Response is null)
                {
                    yield break;
                }
            }
        }

        selected.ReportErrors("create");
    }
}
