using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api.Admission;

/// <summary>Works out a pod's priority from its class, or from the default class (plugin/pkg/admission/priority).</summary>
internal sealed class PriorityAdmission : AdmissionPlugin
{
    private const string Classes = "priorityclasses.scheduling.k8s.io";

    private static readonly Doc Zero = 0;
    private static readonly Doc PreemptLowerPriority = "PreemptLowerPriority";

    public override string Name => "Priority";

    public override ApiResponse? Admit(AdmissionRequest request)
    {
        if (request is { Operation: ApiVerb.Create, Kind.StorageName: "pods", Object: { } pod })
        {
            return AdmitPod(request, pod);
        }

        if (request is { Operation: ApiVerb.Create or ApiVerb.Update, Kind.StorageName: Classes, Object: { } made }
            && made.Flag("globalDefault") == true
            && DefaultClass(request) is { } other && other.Text("metadata", "name") != request.Name)
        {
            return request.Forbidden($"PriorityClass {other.Text("metadata", "name")} is already marked as default. Only one default can exist");
        }

        return null;
    }

    private static ApiResponse? AdmitPod(AdmissionRequest request, Doc pod)
    {
        Doc? found;
        if (pod.Text("spec", "priorityClassName") is { Length: > 0 } name)
        {
            found = request.Context.Server.Store.Get(new ObjectKey(Classes, "", name))?.Object;
            if (found is null)
            {
                return request.Forbidden($"no PriorityClass with name {name} was found");
            }
        }
        else
        {
            found = DefaultClass(request);
            pod = found is null ? pod : pod.With(found.At("metadata", "name"), "spec", "priorityClassName");
        }

        var priority = found?.Int("value") ?? 0;
        if (pod.Int("spec", "priority") is { } asked && asked != priority)
        {
            return request.Forbidden(
                $"the integer value of priority ({asked}) must not be provided in pod spec; priority admission controller computed {priority} from the given PriorityClass name");
        }

        var policy = found?.Text("preemptionPolicy") ?? "PreemptLowerPriority";
        if (pod.Text("spec", "preemptionPolicy") is { } askedPolicy && askedPolicy != policy)
        {
            return request.Forbidden(
                $"the string value of PreemptionPolicy ({askedPolicy}) must not be provided in pod spec; priority admission controller computed {policy} from the given PriorityClass name");
        }

        request.Object = pod
            .With(priority == 0 ? Zero : priority, "spec", "priority")
            .With(policy == PreemptLowerPriority.AsText ? PreemptLowerPriority : policy, "spec", "preemptionPolicy");
        return null;
    }

    // Of several defaults (there can be none but in a restored store) the one with the lowest value counts.
    private static Doc? DefaultClass(AdmissionRequest request)
    {
        Doc? found = null;
        foreach (var version in request.Context.Server.Store.List(Classes))
        {
            var each = version.Object!;
            if (each.Flag("globalDefault") == true && (found is null || each.Int("value") < found.Int("value")))
            {
                found = each;
            }
        }

        return found;
    }
}

/// <summary>A claim without a class gets the default one (plugin/pkg/admission/storage/storageclass/setdefault).</summary>
internal sealed class DefaultStorageClass : AdmissionPlugin
{
    private const string Annotation = "storageclass.kubernetes.io/is-default-class";

    public override string Name => "DefaultStorageClass";

    public override ApiResponse? Admit(AdmissionRequest request)
    {
        if (request is { Operation: ApiVerb.Create, Kind.StorageName: "persistentvolumeclaims", Object: { } claim }
            && claim.At("spec", "storageClassName") is null
            && request.Context.Server.Store.List("storageclasses.storage.k8s.io")
                .Where(version => version.Object!.Text("metadata", "annotations", Annotation) == "true")
                .MaxBy(version => version.Object!.Text("metadata", "creationTimestamp"), StringComparer.Ordinal) is { } found)
        {
            request.Object = claim.With(found.Key.Name, "spec", "storageClassName");
        }

        return null;
    }
}
