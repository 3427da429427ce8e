using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api.Admission;

/// <summary>Nothing is created in a namespace that is not there or that is going away.</summary>
internal sealed class NamespaceLifecycle : AdmissionPlugin
{
    public override string Name => "NamespaceLifecycle";

    public override ApiResponse? Admit(AdmissionRequest request)
    {
        if (request.Operation != ApiVerb.Create || !request.Kind.IsNamespaced)
        {
            return null;
        }

        var ns = request.Namespace;
        var found = request.Context.Server.Store.Get(new ObjectKey("namespaces", "", ns))?.Object;
        if (found is null)
        {
            return ApiStatus.NotFound(ResourcePath.Core("namespaces"), ns);
        }

        if (found.Text("metadata", "deletionTimestamp") is null)
        {
            return null;
        }

        var refusal = request.Forbidden($"unable to create new content in namespace {ns} because it is being terminated");
        var cause = Doc.Obj(
            ("reason", "NamespaceTerminating"), ("message", $"namespace {ns} is being terminated"), ("field", "metadata.namespace"));
        return refusal with { Body = refusal.Body.With(Doc.Arr(cause), "details", "causes") };
    }
}
