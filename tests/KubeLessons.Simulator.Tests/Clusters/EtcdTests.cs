using KubeLessons.Simulator.Clusters.ControlPlane;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Tests.Clusters;

/// <summary>What etcd gives to whoever connects to it: its members, its data, its snapshots.</summary>
public sealed class EtcdTests
{
    [Fact]
    public void The_default_member_has_the_ids_that_etcd_computes()
    {
        var membership = EtcdMembership.Of("default=http://localhost:2380");
        membership.Members[0].IdText.ShouldBe("8e9e05c52164694d");
        membership.ClusterId.ShouldBe(0xcdf818194e3a8c32UL);
    }

    [Fact]
    public void A_client_that_connects_finds_the_member_its_status_and_the_keys()
    {
        var cluster = new BootedCluster();
        cluster.Kubectl("run web --image=nginx");
        var member = Dial(cluster);
        member.Status.ShouldSatisfyAllConditions(
            status => status.IsLeader.ShouldBeTrue(),
            status => status.Version.ShouldBe("3.5.21"),
            status => status.Member.Name.ShouldBe("m-k8s"),
            status => status.Member.ClientUrl.ShouldBe("https://192.168.1.10:2379"),
            status => (status.DatabaseBytes % 4096).ShouldBe(0));
        member.Range("/registry/pods/default/").Single().Key.ShouldBe("/registry/pods/default/web");
        member.Range("/registry/minions/").Count().ShouldBe(4);
        member.Range("/registry/services/specs/default/kubernetes").Count().ShouldBe(1);
    }

    [Fact]
    public void A_snapshot_is_a_file_that_gives_back_what_was_there()
    {
        var cluster = new BootedCluster();
        var snapshot = Dial(cluster).Snapshot();
        var read = EtcdSnapshot.TryRead(EtcdSnapshot.Write(snapshot)).ShouldNotBeNull();
        read.Revision.ShouldBe(snapshot.Revision);
        read.Objects.Select(version => version.Object).ShouldBe(snapshot.Objects.Select(version => version.Object));
        EtcdSnapshot.TryRead("something else").ShouldBeNull();
    }

    private static EtcdMember Dial(BootedCluster cluster)
    {
        var exchange = cluster.Master.Network.Connect(Ipv4Address.Parse("127.0.0.1"), EtcdServer.ClientPort);
        return exchange.Connection!.Listener.Handler.ShouldBeOfType<EtcdClientPort>().Member;
    }
}
