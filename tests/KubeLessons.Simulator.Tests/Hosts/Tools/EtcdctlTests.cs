using KubeLessons.Simulator.Clusters;
using KubeLessons.Simulator.Tests.Clusters;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Tests.Hosts.Tools;

public sealed class EtcdctlTests
{
    private const string Certificates =
        "export ETCDCTL_CACERT=/etc/kubernetes/pki/etcd/ca.crt ETCDCTL_CERT=/etc/kubernetes/pki/etcd/server.crt ETCDCTL_KEY=/etc/kubernetes/pki/etcd/server.key\n";

    private readonly BootedCluster _cluster = new();

    [Fact]
    public void A_member_tells_of_itself_from_within_its_pod_with_certificates_by_flags() =>
        _cluster.Kubectl("exec -n kube-system etcd-m-k8s -- etcdctl --cacert /etc/kubernetes/pki/etcd/ca.crt --cert=/etc/kubernetes/pki/etcd/server.crt --key /etc/kubernetes/pki/etcd/server.key --endpoints https://127.0.0.1:2379 member list -w table")
            .ShouldBe("""
                +------------------+---------+-------+---------------------------+---------------------------+------------+
                |        ID        | STATUS  | NAME  |        PEER ADDRS         |       CLIENT ADDRS        | IS LEARNER |
                +------------------+---------+-------+---------------------------+---------------------------+------------+
                | 9754d4208fa9e54b | started | m-k8s | https://192.168.1.10:2380 | https://192.168.1.10:2379 |      false |
                +------------------+---------+-------+---------------------------+---------------------------+------------+

                """);

    [Fact]
    public void Keys_are_read_written_and_deleted_with_certificates_from_the_environment()
    {
        Etcdctl("put foo bar").ShouldBe("OK\n");
        Etcdctl("put foo/b two").ShouldBe("OK\n");
        Etcdctl("get foo --prefix").ShouldBe("foo\nbar\nfoo/b\ntwo\n");
        Etcdctl("get foo --prefix --keys-only").ShouldBe("foo\n\nfoo/b\n\n");
        Etcdctl("get foo --print-value-only").ShouldBe("bar\n");
        Etcdctl("get nothing").ShouldBe("");
        Etcdctl("del foo/b").ShouldBe("1\n");
        Etcdctl("get foo -w json").ShouldContain("\"kvs\":[{\"key\":\"Zm9v\",\"create_revision\":");
        Etcdctl("get /registry/pods/kube-system/etcd --prefix --keys-only").ShouldBe("/registry/pods/kube-system/etcd-m-k8s\n\n");
    }

    [Fact]
    public void An_unencrypted_secret_can_be_read_in_etcd()
    {
        _cluster.Kubectl("create secret generic door --from-literal=pin=hunter2");
        var value = Etcdctl("get /registry/secrets/default/door");
        value.ShouldStartWith("/registry/secrets/default/door\nk8s\0\n");
        value.ShouldContain("hunter2");
    }

    [Fact]
    public void An_object_deleted_behind_the_API_servers_back_is_gone_and_its_watchers_hear_of_it()
    {
        _cluster.Kubectl("create deployment web --image=nginx");
        _cluster.Wait(10);
        var before = _cluster.Kubectl("get pods -l app=web -o name");
        Etcdctl($"del /registry/pods/default/{before.Trim()["pod/".Length..]}").ShouldBe("1\n");
        _cluster.Wait(10);
        _cluster.Kubectl("get pods -l app=web -o name").ShouldNotBe(before);
    }

    [Theory]
    [InlineData("get foo", "error reading server preface: EOF")]
    [InlineData("--endpoints https://127.0.0.1:2379 get foo", "tls: failed to verify certificate: x509: certificate signed by unknown authority")]
    [InlineData("--cacert /etc/kubernetes/pki/etcd/ca.crt get foo", "remote error: tls: certificate required")]
    [InlineData("--cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/apiserver-kubelet-client.crt --key /etc/kubernetes/pki/apiserver-kubelet-client.key get foo", "remote error: tls: bad certificate")]
    [InlineData("--endpoints https://127.0.0.1:9999 get foo", "dial tcp 127.0.0.1:9999: connect: connection refused")]
    public void Whoever_is_not_let_in_waits_five_seconds(string command, string reason)
    {
        var start = _cluster.World.Now;
        var (code, output) = _cluster.Run("m-k8s", "etcdctl " + command);
        code.ShouldBe(1);
        output.ShouldContain(reason);
        output.ShouldEndWith("\nError: context deadline exceeded\n");
        (_cluster.World.Now - start).TotalSeconds.ShouldBe(5, 0.01);
    }

    [Fact]
    public void Wrong_words_end_with_the_codes_of_etcdctl()
    {
        _cluster.Run("m-k8s", "etcdctl --cacert /nofile get foo").ShouldBe((128, "Error: open /nofile: no such file or directory\n"));
        _cluster.Run("m-k8s", "etcdctl get").ShouldBe((128, "Error: get command needs one argument as key and an optional argument as range_end\n"));
        _cluster.Run("m-k8s", "etcdctl --foo").ShouldBe((1, "Error: unknown flag: --foo\n"));
        _cluster.Run("m-k8s", "etcdctl foo").Output.ShouldStartWith("Error: unknown command \"foo\" for \"etcdctl\"\n");
        _cluster.Run("m-k8s", "etcdctl snapshot status /nofile 2>&1 | tail -1").Output.ShouldBe("Error: stat /nofile: no such file or directory\n");
    }

    [Fact]
    public void Health_and_status_know_a_dead_endpoint_from_a_living_one()
    {
        Etcdctl("endpoint health").ShouldStartWith("127.0.0.1:2379 is healthy: successfully committed proposal: took = ");
        Etcdctl("endpoint status").ShouldStartWith("127.0.0.1:2379, 9754d4208fa9e54b, 3.5.21, ");
        var (code, output) = _cluster.Run("m-k8s", Certificates + "etcdctl --endpoints https://127.0.0.1:9999,https://127.0.0.1:2379 endpoint health -w table 2> /dev/null");
        code.ShouldBe(1);
        output.ShouldContain("| https://127.0.0.1:2379 |   true |");
        output.ShouldContain("| https://127.0.0.1:9999 |  false |");
    }

    [Fact]
    public void A_restored_snapshot_brings_the_old_state_back_when_the_static_pod_is_pointed_at_it()
    {
        _cluster.Kubectl("create configmap early");
        Etcdctl("snapshot save /root/snap.db").ShouldContain("Snapshot saved at /root/snap.db\n");
        _cluster.Kubectl("create configmap late");
        _cluster.Kubectl("delete configmap early");
        Etcdctl("snapshot status /root/snap.db").ShouldContain(" kB\n");
        Etcdctl("snapshot restore /root/snap.db --data-dir /var/lib/etcd-old").ShouldContain("restored snapshot");
        _cluster.Run("m-k8s", "etcdctl snapshot restore /root/snap.db --data-dir /var/lib/etcd-old 2>&1 | tail -1").Output
            .ShouldBe("Error: data-dir \"/var/lib/etcd-old\" not empty or could not be read\n");

        _cluster.Output("m-k8s", "sed -i 's|path: /var/lib/etcd$|path: /var/lib/etcd-old|' /etc/kubernetes/manifests/etcd.yaml");
        _cluster.Wait(150);
        _cluster.Kubectl("get configmaps -o name").ShouldBe("configmap/early\nconfigmap/kube-root-ca.crt\n");
        _cluster.Kubectl("get nodes").Split('\n').Count(line => line.Contains(" Ready ", StringComparison.Ordinal)).ShouldBe(4);
    }

    [Fact]
    public void From_etcd_3_6_on_snapshots_are_restored_by_etcdutl()
    {
        var newer = new BootedCluster(new ClusterSpec { Version = new KubernetesVersion(34) });
        newer.Output("m-k8s", Certificates + "etcdctl snapshot save /root/snap.db && etcdutl snapshot restore /root/snap.db --data-dir /root/data && ls /root/data/member").ShouldEndWith("snap\nwal\n");
        newer.Output("m-k8s", "etcdctl version").ShouldBe("etcdctl version: 3.6.4\nAPI version: 3.6\n");
    }

    private string Etcdctl(string arguments) => _cluster.Output("m-k8s", Certificates + "etcdctl " + arguments);
}
