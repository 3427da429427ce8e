using KubeLessons.Simulator.Clusters;

namespace KubeLessons.Simulator.Tests.Clusters;

/// <summary>Parts of a whole cluster that fail, and what is seen of it.</summary>
public sealed class FailureTests
{
    private const string MoveAway = "mkdir -p /root/away && mv /etc/kubernetes/manifests/{0}.yaml /root/away/";
    private const string MoveBack = "mv /root/away/{0}.yaml /etc/kubernetes/manifests/";

    [Fact]
    public void Without_a_scheduler_a_pod_stays_pending_and_is_placed_once_it_leads_again()
    {
        var cluster = new BootedCluster();
        cluster.Output("m-k8s", string.Format(MoveAway, "kube-scheduler"));
        cluster.Wait(25);
        cluster.Kubectl("get pods -n kube-system").ShouldNotContain("kube-scheduler-m-k8s");
        cluster.Kubectl("run web --image=nginx");
        cluster.Wait(60);
        cluster.Kubectl("get pod web -o wide --no-headers").ShouldContain(" Pending ");
        cluster.Kubectl("get pod web -o jsonpath='{.spec.nodeName}{.status.conditions}'").ShouldBe("");
        cluster.Output("m-k8s", string.Format(MoveBack, "kube-scheduler"));
        cluster.Wait(60);
        cluster.Kubectl("get pod web --no-headers").ShouldContain(" Running ");
    }

    [Fact]
    public void Without_a_controller_manager_a_deployment_makes_no_pods_and_a_dead_node_stays_ready()
    {
        var cluster = new BootedCluster();
        cluster.Output("m-k8s", string.Format(MoveAway, "kube-controller-manager"));
        cluster.Wait(25);
        cluster.Kubectl("create deployment web --image=nginx --replicas=2");
        cluster.Output("w1-k8s", "systemctl stop kubelet");
        cluster.Wait(180);
        cluster.Kubectl("get deployment web --no-headers").ShouldContain("0/2");
        cluster.Kubectl("get node w1-k8s --no-headers").ShouldContain(" Ready ");
        cluster.Output("m-k8s", string.Format(MoveBack, "kube-controller-manager"));
        cluster.Wait(150);
        cluster.Kubectl("get pods --no-headers").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        cluster.Kubectl("get node w1-k8s --no-headers").ShouldContain(" NotReady ");
    }

    [Fact]
    public void Without_an_API_server_kubectl_is_refused_while_pods_and_services_go_on()
    {
        var cluster = new BootedCluster();
        cluster.Master.Files.Write("/root/web.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {run: web}, ports: [{port: 80}]}\n");
        cluster.Kubectl("run web --image=nginx");
        cluster.Kubectl("create -f web.yaml");
        cluster.Wait(20);
        var service = cluster.Kubectl("get svc web -o jsonpath='{.spec.clusterIP}'");
        cluster.Output("m-k8s", string.Format(MoveAway, "kube-apiserver"));
        cluster.Wait(25);
        var (code, output) = cluster.Run("m-k8s", "kubectl get pods");
        code.ShouldBe(1);
        output.ShouldEndWith("The connection to the server 192.168.1.10:6443 was refused - did you specify the right host or port?\n");
        cluster.Output("w2-k8s", $"curl -s http://{service}").ShouldContain("Welcome to nginx!");
        cluster.Output("m-k8s", string.Format(MoveBack, "kube-apiserver"));
        cluster.Wait(90);
        cluster.Kubectl("get pod web --no-headers").ShouldContain(" Running ");
        cluster.Kubectl("get nodes --no-headers").Split('\n').Count(line => line.Contains(" Ready ")).ShouldBe(4);
        cluster.Kubectl("create deployment later --image=nginx");
        cluster.Wait(60);
        cluster.Kubectl("get deployment later --no-headers").ShouldContain("1/1");
    }

    [Fact]
    public void Without_etcd_a_request_takes_a_minute_and_everything_is_there_again_afterwards()
    {
        var cluster = new BootedCluster();
        cluster.Kubectl("run web --image=nginx");
        cluster.Wait(20);
        cluster.Output("m-k8s", string.Format(MoveAway, "etcd"));
        cluster.Wait(25);
        var asked = cluster.World.Now;
        var (code, output) = cluster.Run("m-k8s", "kubectl get pods");
        code.ShouldBe(1);
        output.ShouldBe("Error from server (Timeout): the server was unable to return a response in the time allotted, but may still be processing the request (get pods)\n");
        (cluster.World.Now - asked).TotalSeconds.ShouldBeInRange(60, 70);
        cluster.Output("m-k8s", string.Format(MoveBack, "etcd"));
        cluster.Wait(240);
        cluster.Kubectl("get pod web --no-headers").ShouldContain(" Running ");
        cluster.Kubectl("get nodes --no-headers").Split('\n').Count(line => line.Contains(" Ready ")).ShouldBe(4);
    }

    [Fact]
    public void A_node_that_reboots_is_back_with_its_pods_restarted()
    {
        var cluster = new BootedCluster();
        cluster.Kubectl("run web --image=nginx");
        cluster.Wait(20);
        var node = cluster.Kubectl("get pod web -o jsonpath='{.spec.nodeName}'");
        cluster.Output("m-k8s", $"ssh {node} reboot");
        cluster.Wait(120);
        cluster.Kubectl("get nodes --no-headers").Split('\n').Count(line => line.Contains(" Ready ")).ShouldBe(4);
        cluster.Kubectl("get pods -A --no-headers").Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line.Contains(" 1/1 ") && line.Contains(" Running "));
        cluster.Kubectl("get pod web -o jsonpath='{.status.containerStatuses[0].restartCount}'").ShouldBe("1");
        cluster.Kubectl("get events").ShouldContain("Rebooted");
        var ip = cluster.Kubectl("get pod web -o jsonpath='{.status.podIP}'");
        cluster.Output("m-k8s", $"curl -s http://{ip}").ShouldContain("Welcome to nginx!");
    }

    [Fact]
    public void The_control_plane_comes_back_after_a_power_cut()
    {
        var cluster = new BootedCluster();
        cluster.Kubectl("create deployment web --image=nginx --replicas=2");
        cluster.Wait(30);
        cluster.Master.PowerOff();
        cluster.Wait(200);
        cluster.Master.PowerOn();
        cluster.Wait(180);
        cluster.Kubectl("get nodes --no-headers").Split('\n').Count(line => line.Contains(" Ready ")).ShouldBe(4);
        cluster.Kubectl("get pods -A --no-headers").Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line.Contains(" 1/1 ") && line.Contains(" Running "));
    }

    [Fact]
    public void A_stopped_network_service_takes_the_node_off_the_network_and_a_restart_brings_it_back()
    {
        var cluster = new BootedCluster();
        cluster.Start("w1-k8s", "systemctl stop network; sleep 100; systemctl start network");
        cluster.Wait(80);
        cluster.Kubectl("get node w1-k8s --no-headers").ShouldContain(" NotReady ");
        cluster.Run("m-k8s", "ssh -o ConnectTimeout=5 w1-k8s hostname").ExitCode.ShouldBe(255);
        cluster.Wait(120);
        cluster.Kubectl("get node w1-k8s --no-headers").ShouldContain(" Ready ");
        cluster.Output("m-k8s", "ssh w1-k8s hostname").ShouldBe("w1-k8s\n");
    }

    [Fact]
    public void A_stopped_container_runtime_makes_the_node_NotReady_while_containers_run_on()
    {
        var cluster = new BootedCluster();
        cluster.Kubectl("run web --image=nginx");
        cluster.Wait(20);
        var node = cluster.Kubectl("get pod web -o jsonpath='{.spec.nodeName}'");
        var ip = cluster.Kubectl("get pod web -o jsonpath='{.status.podIP}'");
        var stopped = cluster.World.Now;
        cluster.Output(node, "systemctl stop containerd");
        cluster.Wait(60);
        cluster.SecondsUntil(stopped, "nodes", node, value => BootedCluster.Condition(value, "Ready") == "False").ShouldBeInRange(20, 41);
        cluster.Output("m-k8s", $"curl -s http://{ip}").ShouldContain("Welcome to nginx!");
        cluster.Output(node, "systemctl start containerd");
        cluster.Wait(40);
        cluster.Kubectl($"get node {node} --no-headers").ShouldContain(" Ready ");
    }

    [Fact]
    public void A_kubelet_makes_its_chains_again_within_a_minute_of_a_flush()
    {
        var cluster = new BootedCluster();
        cluster.Output("w1-k8s", "iptables -S KUBE-FIREWALL").ShouldContain("block incoming localnet connections");
        cluster.Output("w1-k8s", "for t in nat filter mangle; do iptables -t $t -F; iptables -t $t -X; done");
        cluster.Run("w1-k8s", "iptables -S KUBE-FIREWALL").ExitCode.ShouldBe(1);
        cluster.Wait(61);
        cluster.Output("w1-k8s", "iptables -S KUBE-FIREWALL").ShouldContain("block incoming localnet connections");
        cluster.Output("w1-k8s", "iptables -t mangle -S").ShouldContain("KUBE-KUBELET-CANARY");
    }

    [Fact]
    public void A_containers_processes_are_numbered_from_one_and_its_first_cannot_be_killed_from_inside()
    {
        var cluster = new BootedCluster();
        cluster.Kubectl("run web --image=nginx");
        cluster.Kubectl("run sleeper --image=busybox -- sleep 100000");
        cluster.Wait(20);
        cluster.Kubectl("exec sleeper -- ps").ShouldStartWith("PID   USER     TIME  COMMAND\n    1 root      0:00 sleep 100000\n");
        cluster.Kubectl("exec sleeper -- kill -9 1");
        cluster.Kubectl("exec web -- sh -c 'kill 1'");
        cluster.Wait(5);
        cluster.Kubectl("get pods --no-headers").ShouldMatch("sleeper +1/1 +Running +0 .*\nweb +1/1 +Running +1 ");
    }
}
