using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs.Apply;

/// <summary><c>kubectl apply --server-side</c>: the server merges, and remembers who owns which field.</summary>
internal static class ServerSideApply
{
    private const string FieldManager = "kubectl";

    public static IEnumerable<Wait> Run(Invocation call, DryRun dryRun, ResultPrinter printer, Target target)
    {
        var options = WriteOptions.Of(call, dryRun);
        var reply = call.Send(new ApiRequest(ApiVerb.Patch, target.Resource.Path)
        {
            Namespace = target.Namespace,
            Name = target.Name,
            Body = target.Manifest,
            Patch = PatchKind.Apply,
            Options = options with
            {
                Force = call.Flags.Flag("force-conflicts"),
                FieldManager = call.Flags.Has("field-manager") ? options.FieldManager : FieldManager,
            },
        });
        yield return Wait.For(reply.Takes);
        if (reply.IsSuccess)
        {
            printer.Print(reply.Response!.Body, "serverside-applied");
        }
        else
        {
            call.Fail(reply);
        }
    }
}
