using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api.Pipeline;

/// <summary>Answers requests for the subresources that are more than a part of their object.</summary>
internal sealed class SubresourceHandler(ApiServer server)
{
    private readonly ScaleSubresource _scale = new(server);
    private readonly EvictionSubresource _eviction = new(server);

    public ApiResponse Handle(ResourceKind kind, ApiRequest request)
    {
        switch (request.Subresource)
        {
            case "scale":
                return _scale.Handle(kind, request);
            case "eviction":
                return _eviction.Handle(kind, request);
            case "binding":
                return Bind(kind, request);
            case "status" or "approval":
                return request.Verb switch
                {
                    ApiVerb.Get => server.Reads.Get(kind, request),
                    ApiVerb.Patch => server.Patches.Patch(kind, request),
                    _ => server.Writes.Update(kind, request),
                };
            case "ephemeralcontainers" or "resize":
                return UpdatePart(kind, request);
            case "finalize":
                return Finalize(kind, request);
            case "token":
                return server.Tokens.Issue(request);
            default:
                return ApiStatus.NoSuchResource();
        }
    }

    /// <summary>A Binding posted by itself is its pod's (pkg/registry/core/pod/storage: LegacyBindingREST).</summary>
    public ApiResponse BindByCollection(ApiRequest request)
    {
        var binding = request with
        {
            Resource = ResourcePath.Core("pods"),
            Name = request.Body?.Text("metadata", "name") ?? "",
            Subresource = "binding",
        };
        return server.Handle(binding);
    }

    // pkg/registry/core/pod/storage: BindingREST.
    private ApiResponse Bind(ResourceKind kind, ApiRequest request)
    {
        var target = request.Body?.Text("target", "name") ?? "";
        var current = server.Store.Get(new ObjectKey(kind.StorageName, request.Namespace, request.Name));
        if (current is null)
        {
            return ApiStatus.NotFound(request.Resource, request.Name);
        }

        var pod = current.Object!;
        var asBinding = request.Resource with { Plural = "pods/binding" };
        if (pod.Text("metadata", "deletionTimestamp") is not null)
        {
            return ApiStatus.Conflict(asBinding, request.Name, $"pod {request.Name} is being deleted, cannot be assigned to a host");
        }

        if (pod.Text("spec", "nodeName") is { Length: > 0 } node)
        {
            return ApiStatus.Conflict(asBinding, request.Name, $"pod {request.Name} is already assigned to node \"{node}\"");
        }

        if (target.Length == 0)
        {
            var errors = new FieldErrors();
            errors.Required("target.name");
            return errors.ToResponse(kind with { Name = "Binding" }, request.Name);
        }

        var bound = pod.With(target, "spec", "nodeName");
        bound = Conditions.Set(bound, "PodScheduled", "True", server.World.UtcNow);
        server.Writes.Commit(current.Key, bound, request);
        return ApiStatus.Success() with { Code = 201 };
    }

    private ApiResponse UpdatePart(ResourceKind kind, ApiRequest request)
    {
        var current = server.Store.Get(new ObjectKey(kind.StorageName, request.Namespace, request.Name));
        if (current is null)
        {
            return ApiStatus.NotFound(request.Resource, request.Name);
        }

        if (request.Verb == ApiVerb.Get)
        {
            return server.Reads.Get(kind, request);
        }

        var wanted = request.Body;
        if (request.Verb == ApiVerb.Patch)
        {
            var (patched, fault) = server.Patches.Apply(kind, request, current.Object!);
            if (fault is not null)
            {
                return fault;
            }

            wanted = patched;
        }

        var before = current.Object!;
        var value = request.Subresource == "resize"
            ? before.With(wanted?.At("spec", "containers"), "spec", "containers")
            : before.With(wanted?.At("spec", "ephemeralContainers"), "spec", "ephemeralContainers");
        return server.Writes.Replace(kind, request, current, value);
    }

    // Namespaces: the namespace controller takes "kubernetes" out of spec.finalizers when nothing is left inside.
    private ApiResponse Finalize(ResourceKind kind, ApiRequest request)
    {
        var current = server.Store.Get(new ObjectKey(kind.StorageName, request.Namespace, request.Name));
        if (current is null)
        {
            return ApiStatus.NotFound(request.Resource, request.Name);
        }

        var finalizers = request.Body?.At("spec", "finalizers");
        var value = current.Object!.With(finalizers is DocArray { Items.IsEmpty: false } ? finalizers : null, "spec", "finalizers");
        return server.Writes.Replace(kind, request, current, value.With(request.Body?.At("metadata", "resourceVersion"), "metadata", "resourceVersion"));
    }
}
