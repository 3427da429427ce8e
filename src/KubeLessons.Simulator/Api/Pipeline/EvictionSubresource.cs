using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Api.Selectors;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api.Pipeline;

/// <summary>
/// Deletes a pod unless a PodDisruptionBudget forbids it (pkg/registry/core/pod/storage/eviction.go). The budget's status comes
/// from the disruption controller; an eviction takes one from <c>disruptionsAllowed</c> at once.
/// </summary>
internal sealed class EvictionSubresource(ApiServer server)
{
    private const string Budgets = "poddisruptionbudgets.policy";

    public ApiResponse Handle(ResourceKind kind, ApiRequest request)
    {
        var current = server.Store.Get(new ObjectKey(kind.StorageName, request.Namespace, request.Name));
        if (current is null)
        {
            return ApiStatus.NotFound(request.Resource, request.Name);
        }

        var pod = current.Object!;
        if (!MayIgnoreBudgets(pod) && TakeFromBudget(request, pod) is { } refusal)
        {
            return refusal;
        }

        var response = server.Deletions.Delete(kind, request with
        {
            Verb = ApiVerb.Delete,
            Subresource = "",
            Body = null,
            Options = request.Options with
            {
                GracePeriodSeconds = request.Body?.Int("deleteOptions", "gracePeriodSeconds") ?? request.Options.GracePeriodSeconds,
                PreconditionUid = request.Body?.Text("deleteOptions", "preconditions", "uid") ?? request.Options.PreconditionUid,
            },
        });
        return response.IsSuccess ? ApiStatus.Success() with { Code = 201 } : response;
    }

    // Pods that are over or never began disrupt nobody.
    private static bool MayIgnoreBudgets(Doc pod) =>
        pod.Text("status", "phase") is "Pending" or "Succeeded" or "Failed" || pod.Text("metadata", "deletionTimestamp") is not null;

    private ApiResponse? TakeFromBudget(ApiRequest request, Doc pod)
    {
        var labels = pod.At("metadata", "labels");
        var budgets = server.Store.List(Budgets, request.Namespace)
            .Where(budget => LabelSelector.FromDoc(budget.Object!.At("spec", "selector")).Matches(labels))
            .ToList();
        if (budgets.Count == 0)
        {
            return null;
        }

        if (budgets.Count > 1)
        {
            return ApiStatus.Failure(
                500, "InternalError", "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        }

        var found = budgets[0];
        var budget = found.Object!;
        var name = found.Key.Name;
        if ((budget.Int("status", "observedGeneration") ?? 0) < (budget.Int("metadata", "generation") ?? 0))
        {
            return ApiStatus.TooManyDisruptions($"The disruption budget {name} is still being processed by the server.", retryAfterSeconds: 10);
        }

        var allowed = budget.Int("status", "disruptionsAllowed") ?? 0;
        if (allowed <= 0)
        {
            return ApiStatus.TooManyDisruptions(
                $"The disruption budget {name} needs {budget.Int("status", "desiredHealthy") ?? 0} healthy pods and has "
                + $"{budget.Int("status", "currentHealthy") ?? 0} currently");
        }

        var taken = budget
            .With(allowed - 1, "status", "disruptionsAllowed")
            .With(ObjectMeta.Time(server.World.UtcNow), "status", "disruptedPods", request.Name);
        server.Writes.Commit(found.Key, taken, request);
        return null;
    }
}
