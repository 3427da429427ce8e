using System.Collections.Immutable;
using KubeLessons.Simulator.Api.Rules;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api.Admission;

/// <summary>
/// Gives every pod a service account, which must exist, and its containers the account's token
/// (plugin/pkg/admission/serviceaccount).
/// </summary>
internal sealed class ServiceAccountAdmission : AdmissionPlugin
{
    private const string MountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

    private static readonly Doc MountPathText = MountPath;
    private static readonly Doc Default = "default";
    private static readonly DocObject ProjectedSources = MakeSources();

    /// <summary>An hour and a bit, so that the kubelet renews it within the hour.</summary>
    private const int TokenSeconds = 3607;

    public override string Name => "ServiceAccount";

    public override ApiResponse? Admit(AdmissionRequest request)
    {
        if (request is not { Operation: ApiVerb.Create, Kind.StorageName: "pods", Object: { } pod })
        {
            return null;
        }

        if (MirrorPods.Is(pod))
        {
            return string.IsNullOrEmpty(pod.Text("spec", "serviceAccountName"))
                ? null
                : request.Forbidden("a mirror pod may not reference service accounts");
        }

        if (string.IsNullOrEmpty(pod.Text("spec", "serviceAccountName")))
        {
            pod = pod.With(Default, "spec", "serviceAccountName").With(Default, "spec", "serviceAccount");
        }

        var name = pod.Text("spec", "serviceAccountName")!;
        var account = request.Context.Server.Store.Get(new ObjectKey("serviceaccounts", request.Namespace, name))?.Object;
        if (account is null)
        {
            return request.Forbidden($"error looking up service account {request.Namespace}/{name}: serviceaccount \"{name}\" not found");
        }

        if (pod.List("spec", "imagePullSecrets").IsEmpty && account["imagePullSecrets"] is DocArray { Items.IsEmpty: false } secrets)
        {
            pod = pod.With(secrets, "spec", "imagePullSecrets");
        }

        if (pod.Flag("spec", "automountServiceAccountToken") ?? account.Flag("automountServiceAccountToken") ?? true)
        {
            var (volume, refusal) = TokenVolume(request, account);
            if (refusal is not null)
            {
                return refusal;
            }

            pod = Mount(pod, volume!);
        }

        request.Object = pod;
        return null;
    }

    // A projected volume since 1.21 (BoundServiceAccountTokenVolume); before, the account's token Secret.
    private static (Doc? Volume, ApiResponse? Refusal) TokenVolume(AdmissionRequest request, Doc account)
    {
        var server = request.Context.Server;
        if (server.Version.Minor >= 21)
        {
            return (Projected("kube-api-access-" + server.DiceForNextRevision().NextName(5)), null);
        }

        foreach (var reference in account.List("secrets"))
        {
            var secret = reference.Text("name") ?? "";
            if (server.Store.Get(new ObjectKey("secrets", request.Namespace, secret))?.Object?.Text("type") == "kubernetes.io/service-account-token")
            {
                return (Doc.Obj(("name", secret), ("secret", Doc.Obj(("secretName", secret), ("defaultMode", 420)))), null);
            }
        }

        var name = account.Text("metadata", "name");
        return (null, ApiStatus.Failure(
            500,
            "ServerTimeout",
            $"No API token found for service account \"{name}\", retry after the token is automatically created and added to the service account",
            Doc.Obj(("name", "create pod"), ("kind", "serviceaccounts"), ("retryAfterSeconds", 1))));
    }

    private static DocObject Projected(string name) => Doc.Obj(("name", name), ("projected", ProjectedSources));

    private static DocObject MakeSources()
    {
        var token = Doc.Obj(("expirationSeconds", TokenSeconds), ("path", "token"));
        var authority = Doc.Obj(("name", "kube-root-ca.crt"), ("items", Doc.Arr(Doc.Obj(("key", "ca.crt"), ("path", "ca.crt")))));
        var field = Doc.Obj(("apiVersion", "v1"), ("fieldPath", "metadata.namespace"));
        var ns = Doc.Obj(("items", Doc.Arr(Doc.Obj(("path", "namespace"), ("fieldRef", field)))));
        var sources = Doc.Arr(Doc.Obj(("serviceAccountToken", token)), Doc.Obj(("configMap", authority)), Doc.Obj(("downwardAPI", ns)));
        return Doc.Obj(("sources", sources), ("defaultMode", 420));
    }

    private static Doc Mount(Doc pod, Doc volume)
    {
        var mount = Doc.Obj(("name", volume["name"]), ("readOnly", true), ("mountPath", MountPathText));
        var onlyMount = Doc.Arr(mount);
        var mounted = false;
        pod = pod.In("spec", spec => spec.Each("initContainers", Add).Each("containers", Add));
        return mounted ? pod.With(new DocArray(pod.List("spec", "volumes").Add(volume)), "spec", "volumes") : pod;

        Doc Add(Doc container)
        {
            var mounts = container.List("volumeMounts");
            if (mounts.Any(each => each.Text("mountPath") == MountPath))
            {
                return container;
            }

            mounted = true;
            return container.With(mounts.IsEmpty ? onlyMount : new DocArray(mounts.Add(mount)), "volumeMounts");
        }
    }
}

/// <summary>The API's picture of a static pod.</summary>
internal static class MirrorPods
{
    public const string Annotation = "kubernetes.io/config.mirror";

    public static bool Is(Doc pod) => pod.At("metadata", "annotations", Annotation) is not null;
}
