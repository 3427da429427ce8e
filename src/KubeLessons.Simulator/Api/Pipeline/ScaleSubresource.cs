using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Api.Schema;
using KubeLessons.Simulator.Api.Selectors;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api.Pipeline;

/// <summary>The <c>scale</c> of a workload: the one number that kubectl scale and autoscalers look at, as an autoscaling/v1 Scale.</summary>
internal sealed class ScaleSubresource(ApiServer server)
{
    public ApiResponse Handle(ResourceKind kind, ApiRequest request)
    {
        var current = server.Store.Get(new ObjectKey(kind.StorageName, request.Namespace, request.Name));
        if (current is null)
        {
            return ApiStatus.NotFound(request.Resource, request.Name);
        }

        var scale = ScaleOf(kind, current.Object!);
        if (request.Verb == ApiVerb.Get)
        {
            return server.Answer(200, kind, request, scale);
        }

        var wanted = request.Body;
        if (request.Verb == ApiVerb.Patch)
        {
            var (patched, fault) = server.Patches.Apply(kind, request, scale, server.Schema.Find("autoscaling", "v1", "Scale"));
            if (fault is not null)
            {
                return fault;
            }

            wanted = patched;
        }

        var replicas = wanted?.Int("spec", "replicas") ?? 0;
        if (replicas < 0)
        {
            var errors = new FieldErrors();
            errors.Invalid("spec.replicas", replicas, "must be greater than or equal to 0");
            return errors.ToResponse(kind with { Name = "Scale", Group = "autoscaling" }, request.Name);
        }

        var value = current.Object!
            .With(replicas, "spec", "replicas")
            .With(wanted?.At("metadata", "resourceVersion"), "metadata", "resourceVersion");
        var response = server.Writes.Replace(kind, request with { Subresource = "", Options = request.Options with { AsTable = false } }, current, value);
        return response.IsSuccess ? response with { Body = ScaleOf(kind, response.Body) } : response;
    }

    private static DocObject ScaleOf(ResourceKind kind, Doc value)
    {
        var selector = kind.Group.Length == 0
            ? LabelSelector.FromMap(value.At("spec", "selector"))
            : LabelSelector.FromDoc(value.At("spec", "selector"));
        var text = selector.ToString();
        var replicas = value.Int("spec", "replicas") ?? 0;
        return Doc.Obj(
            ("kind", "Scale"),
            ("apiVersion", "autoscaling/v1"),
            ("metadata", Doc.Obj(
                ("name", value.At("metadata", "name")),
                ("namespace", value.At("metadata", "namespace")),
                ("uid", value.At("metadata", "uid")),
                ("resourceVersion", value.At("metadata", "resourceVersion")),
                ("creationTimestamp", value.At("metadata", "creationTimestamp")))),
            ("spec", replicas == 0 ? Doc.Empty : Doc.Obj(("replicas", replicas))),
            ("status", Doc.Obj(
                ("replicas", value.Int("status", "replicas") ?? 0),
                ("selector", text.Length > 0 ? text : null))));
    }
}
