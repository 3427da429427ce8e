using KubeLessons.Simulator.Clusters;
using KubeLessons.Simulator.Tests.Clusters;

namespace KubeLessons.Simulator.Tests.Hosts.Tools;

/// <summary>etcdctl against three members: all there, one gone, two gone.</summary>
public sealed class EtcdctlMembersTests
{
    private const string Certificates =
        "export ETCDCTL_CACERT=/etc/kubernetes/pki/etcd/ca.crt ETCDCTL_CERT=/etc/kubernetes/pki/etcd/server.crt ETCDCTL_KEY=/etc/kubernetes/pki/etcd/server.key\n";

    private readonly BootedCluster _cluster = new(new ClusterSpec { Nodes = ["m-k8s", "m2-k8s", "m3-k8s", "w1-k8s"], EtcdMembers = 3 });

    [Fact]
    public void One_of_three_leads_and_all_are_listed()
    {
        Etcdctl("member list | wc -l").Output.ShouldBe("3\n");
        var status = Etcdctl("endpoint status --cluster -w table").Output.Split('\n').Where(line => line.Contains("https://")).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();
        status.Select(cells => cells[1]).Order().ShouldBe(["https://192.168.1.10:2379", "https://192.168.1.11:2379", "https://192.168.1.12:2379"]);
        status.Count(cells => cells[5] == "true").ShouldBe(1);
        Etcdctl("endpoint health --cluster 2>&1 | grep -c 'is healthy: successfully committed proposal'").Output.ShouldBe("3\n");
    }

    [Fact]
    public void One_member_less_is_seen_and_two_less_are_no_cluster()
    {
        Stop("m3-k8s");
        var (code, output) = Etcdctl("endpoint health --cluster");
        code.ShouldBe(1);
        output.ShouldContain("https://192.168.1.12:2379 is unhealthy: failed to commit proposal: context deadline exceeded");
        output.Split('\n').Count(line => line.Contains(" is healthy: ", StringComparison.Ordinal)).ShouldBe(2);
        output.ShouldEndWith("Error: unhealthy cluster\n");
        Etcdctl("put foo bar").ShouldBe((0, "OK\n"));

        Stop("m2-k8s");
        (code, output) = Etcdctl("put foo baz");
        code.ShouldBe(1);
        output.ShouldEndWith("Error: context deadline exceeded\n");
        Etcdctl("get foo --consistency=s --print-value-only").ShouldBe((0, "bar\n"));
        Etcdctl("endpoint health").Output.ShouldContain("127.0.0.1:2379 is unhealthy: failed to commit proposal: ");
    }

    private void Stop(string name)
    {
        _cluster.Output(name, "mkdir -p /root/away && mv /etc/kubernetes/manifests/etcd.yaml /root/away/");
        _cluster.Wait(60);
    }

    private (int ExitCode, string Output) Etcdctl(string arguments) => _cluster.Run("m-k8s", Certificates + "etcdctl " + arguments);
}
