using KubeLessons.Simulator.Clusters;
using KubeLessons.Simulator.Clusters.ControlPlane;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Tests.Clusters;

/// <summary>An etcd of three members: one may fail, two may not.</summary>
public sealed class EtcdQuorumTests
{
    private const string Stop = "mkdir -p /root/away && mv /etc/kubernetes/manifests/etcd.yaml /root/away/";
    private const string Start = "mv /root/away/etcd.yaml /etc/kubernetes/manifests/";

    private static readonly string[] Members = ["m-k8s", "m2-k8s", "m3-k8s"];

    private readonly BootedCluster _cluster = new(new ClusterSpec { Nodes = [.. Members, "w1-k8s", "w2-k8s"], EtcdMembers = 3 });

    [Fact]
    public void Three_members_follow_one_leader_and_show_the_same_data()
    {
        _cluster.Kubectl("get nodes --no-headers").Split('\n').Count(line => line.Contains(" Ready ")).ShouldBe(5);
        var members = Members.Select(Member).ToList();
        members.Select(member => member.Leader).Distinct().ShouldHaveSingleItem().ShouldBeOneOf([.. members.Select(member => member.Info.Id)]);
        members.Select(member => member.AppliedRevision).Distinct().ShouldHaveSingleItem();
        members.Select(member => member.Membership.Members.Length).ShouldAllBe(count => count == 3);
        members.Count(member => member.Status.IsLeader).ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_member_less_is_hardly_noticed(bool leader)
    {
        var down = Members.First(name => Member(name).Status.IsLeader == leader);
        var remaining = Member(Members.First(name => name != down));
        var term = remaining.Status.RaftTerm;
        _cluster.Output(down, Stop);
        _cluster.World.RunUntil(() => _cluster[down].Processes.Running.All(process => process.Name != "etcd"), _cluster.World.Now + TimeSpan.FromMinutes(1)).ShouldBeTrue();
        var asked = _cluster.World.Now;
        _cluster.Kubectl("create configmap meanwhile");
        (_cluster.World.Now - asked).TotalSeconds.ShouldBeLessThan(2.5);
        _cluster.Wait(60);
        remaining.HasLeader.ShouldBeTrue();
        remaining.Status.RaftTerm.ShouldBe(leader ? term + 1 : term);
        _cluster.Kubectl("get pods -n kube-system -l tier=control-plane -o jsonpath='{.items[*].status.containerStatuses[*].restartCount}'").ShouldMatch("^(0 )*0$");
        _cluster.Output(down, Start);
        _cluster.Wait(60);
        Member(down).Leader.ShouldBe(remaining.Leader);
        Member(down).AppliedRevision.ShouldBe(remaining.AppliedRevision);
    }

    [Fact]
    public void Without_a_majority_nothing_is_written_and_after_it_is_back_no_pod_was_evicted()
    {
        _cluster.Kubectl("run web --image=nginx");
        _cluster.Wait(20);
        var before = _cluster.Kubectl("get pod web -o jsonpath='{.metadata.uid} {.status.podIP}'").Split(' ');
        StopTwo();
        _cluster.Wait(5);
        var asked = _cluster.World.Now;
        _cluster.Run("m-k8s", "kubectl get pods").ShouldBe((1, "Error from server: etcdserver: request timed out\n"));
        (_cluster.World.Now - asked).TotalSeconds.ShouldBeInRange(6.9, 10);
        _cluster.Run("m-k8s", "kubectl create configmap never").Output.ShouldContain("etcdserver: request timed out");
        _cluster.Output("m-k8s", "kubectl get --raw '/api/v1/namespaces/default/pods?resourceVersion=0'").ShouldContain("\"web\"");
        _cluster.Run("m-k8s", "curl -sk https://192.168.1.10:6443/readyz").Output.ShouldContain("[-]etcd failed: reason withheld");
        _cluster.Run("m-k8s", "kubectl get --raw /readyz").Output.ShouldContain("[-]etcd failed: reason withheld");
        _cluster.Wait(20);
        _cluster.Output("m-k8s", "crictl ps -a --name kube-controller-manager --state exited -q").ShouldNotBeEmpty();
        _cluster.Output("m-k8s", "crictl ps -a --name kube-scheduler --state exited -q").ShouldNotBeEmpty();
        _cluster.Wait(400);
        _cluster.Output("w1-k8s", $"curl -s http://{before[1]}").ShouldContain("Welcome to nginx!");

        _cluster.Output("m2-k8s", Start);
        _cluster.Output("m3-k8s", Start);
        _cluster.Wait(500);
        _cluster.Kubectl("get nodes --no-headers").Split('\n').Count(line => line.Contains(" Ready ")).ShouldBe(5);
        _cluster.Kubectl("get pod web -o jsonpath='{.metadata.uid}'").ShouldBe(before[0]);
        _cluster.Run("m-k8s", "kubectl get configmap never").ExitCode.ShouldBe(1);
    }

    [Fact]
    public void A_leader_that_is_cut_off_from_the_others_is_succeeded_and_follows_afterwards()
    {
        var lan = _cluster.Cluster.Lan.Segment;
        var leader = Members.First(name => Member(name).Status.IsLeader);
        var others = Members.Where(name => name != leader).ToList();
        foreach (var other in others)
        {
            lan.Separate(Card(leader), Card(other));
        }

        _cluster.Wait(10);
        Member(leader).HasLeader.ShouldBeFalse();
        Member(others[0]).Leader.ShouldBe(Member(others[1]).Leader);
        Member(others[0]).Leader.ShouldNotBe(Member(leader).Info.Id);
        lan.JoinAll();
        _cluster.Wait(10);
        Member(leader).Leader.ShouldBe(Member(others[0]).Leader);
        Member(leader).Status.RaftTerm.ShouldBe(Member(others[0]).Status.RaftTerm);
    }

    [Fact]
    public void A_member_that_lost_its_data_is_not_let_in_again()
    {
        _cluster.Output("m2-k8s", Stop);
        _cluster.Wait(10);
        _cluster.Output("m2-k8s", "rm -rf /var/lib/etcd/member; " + Start);
        _cluster.Wait(10);
        _cluster.Output("m2-k8s", "crictl logs $(crictl ps -a --name etcd -q | head -1) 2>&1").ShouldContain("has already been bootstrapped");
        _cluster.Kubectl("get nodes --no-headers").Split('\n').Count(line => line.Contains(" Ready ")).ShouldBe(5);
    }

    private void StopTwo()
    {
        _cluster.Output("m2-k8s", Stop);
        _cluster.Output("m3-k8s", Stop);
    }

    private NetworkInterface Card(string host) => _cluster[host].Network.Stack.Interface(Lan.CardName)!;

    private EtcdMember Member(string host) =>
        ((EtcdClientPort)_cluster[host].Network.Connect(Ipv4Address.Parse("127.0.0.1"), EtcdServer.ClientPort).Connection!.Listener.Handler!).Member;
}
