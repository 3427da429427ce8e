namespace KubeLessons.Simulator.Tests.Clusters;

public sealed class RolloutRestartTests
{
    [Fact]
    public void CoreDNS_which_has_two_ports_of_one_number_is_restarted()
    {
        var cluster = new BootedCluster();

        cluster.Kubectl("-n kube-system rollout restart deployment coredns").ShouldBe("deployment.apps/coredns restarted\n");

        cluster.Kubectl("-n kube-system get deployment coredns -o jsonpath='{.spec.template.spec.containers[0].ports[*].name}'").ShouldBe("dns dns-tcp metrics");
    }
}
