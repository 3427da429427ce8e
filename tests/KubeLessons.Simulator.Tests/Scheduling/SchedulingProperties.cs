using CsCheck;
using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Scheduling;
using KubeLessons.Simulator.Tests.Controllers;

namespace KubeLessons.Simulator.Tests.Scheduling;

public class SchedulingProperties
{
    private static readonly Gen<(int Kind, int Which, int Size)[]> Deeds =
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 9], Gen.Int[0, 6]).Array[5, 30];

    [Fact]
    public void Whatever_happens_no_node_is_ever_overcommitted_and_sizes_are_reached() => Deeds.Sample(
        deeds =>
        {
            var cluster = Play(deeds);
            foreach (var node in cluster.List(Resources.Nodes, ""))
            {
                var sum = cluster.Pods().Where(pod => pod.NodeName() == node.Name() && !pod.IsTerminated())
                    .Sum(pod => PodRequests.Of(pod, false)[ResourceAmounts.Cpu]);
                sum.ShouldBeLessThanOrEqualTo(ResourceAmounts.Of(node.At("status", "allocatable"))[ResourceAmounts.Cpu]);
            }

            foreach (var deployment in cluster.List(Resources.Deployments))
            {
                cluster.ActivePods(deployment.Name()).Count.ShouldBe((int)deployment.Int("spec", "replicas")!.Value);
            }
        },
        iter: 40,
        threads: 1);

    [Fact]
    public void The_same_seed_and_deeds_give_the_same_bytes() => Deeds.Sample(
        deeds => Play(deeds).World.Trace.ToJsonLines().ShouldBe(Play(deeds).World.Trace.ToJsonLines()), iter: 5, threads: 1);

    private static SimulatedControlPlane Play((int Kind, int Which, int Size)[] deeds)
    {
        var cluster = SimulatedControlPlane.WithNodes(3, cpu: "2");
        foreach (var (kind, which, size) in deeds)
        {
            Do(cluster, kind, which, size);
            cluster.Advance(0.3 * which);
        }

        foreach (var kubelet in cluster.Kubelets.Where(kubelet => !kubelet.IsRunning))
        {
            kubelet.Start();
        }

        if (cluster.ControllerManager!.HasExited)
        {
            cluster.StartControllerManager();
        }

        cluster.Advance(120);
        return cluster;
    }

    private static void Do(SimulatedControlPlane cluster, int kind, int which, int size)
    {
        var name = $"app{which % 3}";
        switch (kind)
        {
            case 0 when cluster.Find(Resources.Deployments, name) is null:
                cluster.CreateDeployment(name, size, which % 2 == 0 ? "nginx" : "nginx\",\"resources\":{\"requests\":{\"cpu\":\"300m\"}},\"tty\":false,\"workingDir\":\"/");
                break;
            case 1 when cluster.Find(Resources.Deployments, name) is not null:
                cluster.Patch(Resources.Deployments, name, $$"""{"spec":{"replicas":{{size}} } }""");
                break;
            case 2 when cluster.Pods().Count > 0:
                cluster.Delete(Resources.Pods, cluster.Pods()[which % cluster.Pods().Count].Name());
                break;
            case 3:
                var kubelet = cluster.Kubelets[which % cluster.Kubelets.Count];
                if (kubelet.IsRunning)
                {
                    kubelet.Stop();
                }
                else
                {
                    kubelet.Start();
                }

                break;
            case 4 when !cluster.ControllerManager!.HasExited:
                cluster.ControllerManager.Exit(137);
                break;
            case 4:
                cluster.StartControllerManager();
                break;
            case 5:
                cluster.Advance(20 * size);
                break;
        }
    }
}
