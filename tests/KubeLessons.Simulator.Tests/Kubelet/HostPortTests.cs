using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.Filtering;
using KubeLessons.Simulator.Tests.Clusters;

namespace KubeLessons.Simulator.Tests.Kubelet;

public sealed class HostPortTests
{
    [Fact]
    public void The_rules_are_those_of_the_portmap_plugin_and_go_with_the_pod()
    {
        var node = Start();
        var sandbox = node.Container("web").Sandbox;
        var chain = PortMapPlugin.ChainOf("cbr0", sandbox.Id);
        var saved = Saved(node);
        foreach (var rule in (string[])
        [
            "-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT",
            "-A OUTPUT -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT",
            "-A POSTROUTING -m comment --comment \"CNI portfwd requiring masquerade\" -j CNI-HOSTPORT-MASQ",
            "-A CNI-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE",
            "-A CNI-HOSTPORT-SETMARK -m comment --comment \"CNI portfwd masquerade mark\" -j MARK --set-xmark 0x2000/0x2000",
            $"-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment \"dnat name: \\\"cbr0\\\" id: \\\"{sandbox.Id}\\\"\" -m multiport --dports 8080 -j {chain}",
            $"-A {chain} -s 172.16.1.0/24 -p tcp -m tcp --dport 8080 -j CNI-HOSTPORT-SETMARK",
            $"-A {chain} -s 127.0.0.1/32 -p tcp -m tcp --dport 8080 -j CNI-HOSTPORT-SETMARK",
            $"-A {chain} -p tcp -m tcp --dport 8080 -j DNAT --to-destination {sandbox.Address}:80",
        ])
        {
            saved.ShouldContain(rule + "\n");
        }

        node.DeletePod("web");
        node.RunUntil(() => node.Pod("web") is null, 10);
        saved = Saved(node);
        saved.ShouldNotContain("CNI-DN-");
        saved.ShouldContain("-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT\n");
    }

    [Fact]
    public void The_pod_answers_on_the_nodes_address_from_everywhere()
    {
        var node = Start();
        node.Host.Kernel.SetSysctl("net.ipv4.ip_forward", "1");
        var laptop = new Host(node.World, "laptop", "192.168.1.200", node.Host.Lan);
        var pod = node.Container("web").Sandbox.Network!;
        foreach (var from in (NetworkAttachment[])[laptop.Network, node.Host.Network, pod])
        {
            Answers(from, "192.168.1.101").ShouldBeTrue(from.Name);
        }

        Answers(node.Host.Network, "127.0.0.1").ShouldBeTrue();
        node.DeletePod("web");
        node.RunUntil(() => node.Pod("web") is null, 10);
        Answers(laptop.Network, "192.168.1.101").ShouldBeFalse();
    }

    [Fact]
    public void In_a_cluster_flannels_configuration_names_the_plugin()
    {
        var cluster = new BootedCluster();
        cluster.Output("m-k8s", """
            kubectl run web --image=nginx --overrides='{"spec": {"nodeName": "w1-k8s", "containers": [{"name": "web", "image": "nginx", "ports": [{"containerPort": 80, "hostPort": 8080}]}]}}'
            """);
        cluster.Wait(20);
        cluster.Output("m-k8s", "curl -s -o /dev/null -w '%{http_code}' http://192.168.1.101:8080").ShouldBe("200");
        cluster.Output("w1-k8s", "iptables-save -t nat | grep -c CNI-DN").ShouldBe("5\n");
    }

    private static KubeletFixture Start()
    {
        var node = new KubeletFixture();
        node.CreatePod("""{metadata: {name: web}, spec: {containers: [{name: web, image: nginx, ports: [{containerPort: 80, hostPort: 8080}]}]}}""");
        node.RunUntil(() => node.IsReady("web"), 10);
        return node;
    }

    private static bool Answers(NetworkAttachment from, string address) => from.Connect(Ipv4Address.Parse(address), 8080).Connection is not null;

    private static string Saved(KubeletFixture node) => IptablesSaveCommand.Run(node.Host.Network.Stack, ["-t", "nat"], node.World.UtcNow).Output;
}
