using KubeLessons.RealCluster.Api;
using KubeLessons.RealCluster.Safety;

namespace KubeLessons.RealCluster.Tests.Safety;

public class ObjectLedgerTests
{
    private static readonly ServedResource Pods = new("pods", "/api/v1/pods", "/api/v1", "pods", "Pod", true, true);
    private static readonly DateTimeOffset Begun = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Ours_is_what_came_during_the_run_without_an_owner_and_is_named()
    {
        LedgerObject[] now =
        [
            Pod("nginx-pod", "u1", 3),
            Pod("web-5d59d67564-abcde", "u2", 3, hasOwner: true),
            Pod("somebody-elses", "u3", 3),
            Pod("nginx-pod-2", "u4", 3),
            Pod("before", "u5", -600),
            Pod("known", "u6", 1),
        ];

        ObjectLedger.Made(now, new HashSet<string> { "u6" }, Begun, new SpokenOf("kubectl run nginx-pod --image=nginx; kubectl get pod before known web-5d59d67564-abcde"))
            .Select(each => each.Name).ShouldBe(["nginx-pod"]);
    }

    [Fact]
    public void A_name_of_the_clusters_choosing_is_known_from_what_kubectl_said() =>
        ObjectLedger.Made([Pod("job-x7k2p", "u1", 3)], new HashSet<string>(), Begun, new SpokenOf("kubectl create -f job.yaml\npod job-x7k2p created")).Count.ShouldBe(1);

    private static LedgerObject Pod(string name, string uid, int seconds, bool hasOwner = false) =>
        new(Pods, "default", name, uid, hasOwner, Begun.AddSeconds(seconds));
}
