using KubeLessons.Simulator.Clusters;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Tests.Faults;

/// <summary>What a cluster still lacks to be what was declared: in the API, and on the machines themselves.</summary>
internal sealed class DeclaredState(Cluster cluster, ObjectStore store)
{
    private readonly List<string> _lacks = [];

    /// <summary>Everything that is not as declared; nothing when the cluster has converged.</summary>
    public IReadOnlyList<string> Lacks()
    {
        _lacks.Clear();
        LookAtNodes();
        LookAtPods();
        LookAtWorkloads();
        LookAtServices();
        LookAtContainers();
        LookAtMirrorPods();
        return _lacks;
    }

    public IEnumerable<Doc> All(string resource) => store.List(resource).Select(version => version.Object!);

    public static bool IsReady(Doc pod) => Condition(pod, "Ready") == "True";

    private void LookAtNodes()
    {
        foreach (var name in cluster.Spec.Nodes)
        {
            if (store.Get(new ObjectKey("nodes", "", name))?.Object is not { } node)
            {
                _lacks.Add($"node {name} is not there");
                continue;
            }

            Expect(IsReady(node), $"node {name} is not Ready: {Condition(node, "Ready")}");
            foreach (var condition in node.List("status", "conditions").Where(condition => condition.Text("type") is not "Ready"))
            {
                Expect(condition.Text("status") == "False", $"node {name} has {condition.Text("type")} {condition.Text("status")}");
            }

            foreach (var taint in node.List("spec", "taints").Where(taint => taint.Text("key") is not ("node-role.kubernetes.io/control-plane" or "node-role.kubernetes.io/master")))
            {
                _lacks.Add($"node {name} has the taint {taint.Text("key")}:{taint.Text("effect")}");
            }
        }
    }

    private void LookAtPods()
    {
        foreach (var pod in All("pods").Where(pod => !HasEnded(pod)))
        {
            var name = Name(pod);
            Expect(pod.At("metadata", "deletionTimestamp") is null, $"pod {name} is still terminating");
            Expect(IsReady(pod), $"pod {name} is not ready: {pod.Text("status", "phase")} {pod.At("status", "containerStatuses")}");
            Expect(store.Get(new ObjectKey("nodes", "", pod.Text("spec", "nodeName") ?? "")) is not null, $"pod {name} is on no node");
            var owner = pod.List("metadata", "ownerReferences").FirstOrDefault();
            Expect(owner is not null && Owner(pod, owner) is { } found && found.Text("metadata", "uid") == owner.Text("uid"), $"pod {name} has no owner");
        }
    }

    private Doc? Owner(Doc pod, Doc owner)
    {
        var (resource, ns) = owner.Text("kind") switch
        {
            "ReplicaSet" => ("replicasets.apps", pod.Text("metadata", "namespace")!),
            "DaemonSet" => ("daemonsets.apps", pod.Text("metadata", "namespace")!),
            "StatefulSet" => ("statefulsets.apps", pod.Text("metadata", "namespace")!),
            "Job" => ("jobs.batch", pod.Text("metadata", "namespace")!),
            _ => ("nodes", ""),
        };
        return store.Get(new ObjectKey(resource, ns, owner.Text("name") ?? ""))?.Object;
    }

    private void LookAtWorkloads()
    {
        foreach (var deployment in All("deployments.apps"))
        {
            Counts("deployment", deployment, deployment.Int("spec", "replicas"), "replicas", "updatedReplicas", "readyReplicas", "availableReplicas");
        }

        foreach (var set in All("statefulsets.apps"))
        {
            Counts("statefulset", set, set.Int("spec", "replicas"), "replicas", "readyReplicas");
            Expect(set.Text("status", "currentRevision") == set.Text("status", "updateRevision"), $"statefulset {Name(set)} is not at its last revision");
        }

        foreach (var set in All("daemonsets.apps"))
        {
            Counts("daemonset", set, cluster.Spec.Nodes.Length, "desiredNumberScheduled", "currentNumberScheduled", "updatedNumberScheduled", "numberReady");
            Expect((set.Int("status", "numberMisscheduled") ?? 0) == 0, $"daemonset {Name(set)} has misscheduled pods");
        }

        foreach (var set in All("replicasets.apps"))
        {
            Counts("replicaset", set, set.Int("spec", "replicas"), "replicas", "readyReplicas");
        }

        foreach (var job in All("jobs.batch"))
        {
            Expect(Condition(job, "Complete") == "True" || Condition(job, "Failed") == "True", $"job {Name(job)} is not done: {job.At("status")}");
        }
    }

    private void Counts(string kind, Doc value, long? wanted, params ReadOnlySpan<string> fields)
    {
        Expect(value.Int("status", "observedGeneration") == value.Int("metadata", "generation"), $"{kind} {Name(value)} was not observed");
        foreach (var field in fields)
        {
            Expect((value.Int("status", field) ?? 0) == wanted, $"{kind} {Name(value)} has {value.Int("status", field) ?? 0} {field}, not {wanted}");
        }
    }

    private void LookAtServices()
    {
        foreach (var service in All("services").Where(service => service.At("spec", "selector") is not null))
        {
            var (ns, name) = (service.Text("metadata", "namespace")!, service.Text("metadata", "name")!);
            var wanted = All("pods")
                .Where(pod => pod.Text("metadata", "namespace") == ns && IsReady(pod) && !HasEnded(pod)
                    && service.At("spec", "selector")!.Fields.All(label => pod.Text("metadata", "labels", label.Key) == label.Value.AsText))
                .Select(pod => pod.Text("status", "podIP"))
                .Order(StringComparer.Ordinal)
                .ToList();
            var endpoints = store.Get(new ObjectKey("endpoints", ns, name))?.Object;
            var listed = (endpoints?.List("subsets") ?? []).SelectMany(subset => subset.List("addresses")).Select(address => address.Text("ip")).Order(StringComparer.Ordinal);
            Expect(listed.SequenceEqual(wanted), $"endpoints {ns}/{name} are {string.Join(",", listed)}, not {string.Join(",", wanted)}");
            var sliced = All("endpointslices.discovery.k8s.io")
                .Where(slice => slice.Text("metadata", "namespace") == ns && slice.Text("metadata", "labels", "kubernetes.io/service-name") == name)
                .SelectMany(slice => slice.List("endpoints"))
                .Where(endpoint => endpoint.Flag("conditions", "ready") == true)
                .SelectMany(endpoint => endpoint.List("addresses"))
                .Select(address => address.AsText)
                .Order(StringComparer.Ordinal);
            Expect(sliced.SequenceEqual(wanted), $"endpointslices of {ns}/{name} have {string.Join(",", sliced)}, not {string.Join(",", wanted)}");
        }
    }

    // Each running container belongs to a pod that is alive, and each such pod's containers run.
    private void LookAtContainers()
    {
        var pods = All("pods").ToDictionary(pod => pod.Text("metadata", "annotations", "kubernetes.io/config.mirror") ?? pod.Text("metadata", "uid")!, StringComparer.Ordinal);
        foreach (var host in cluster.Spec.Nodes.Select(name => cluster.Hosts[name]))
        {
            if (Runtime(host) is not { } runtime)
            {
                _lacks.Add($"{host.Name} has no container runtime");
                continue;
            }

            var running = runtime.Containers.Where(container => container.State == ContainerState.Running).ToList();
            foreach (var container in running)
            {
                var config = container.Sandbox.Config;
                Expect(pods.TryGetValue(config.Uid, out var pod) && pod.Text("spec", "nodeName") == host.Name && !HasEnded(pod),
                    $"container {container.Config.Name} of {config.Namespace}/{config.Name} on {host.Name} is an orphan");
                Expect(container.Process is { HasExited: false }, $"container {container.Config.Name} of {config.Name} on {host.Name} runs without a process");
            }

            foreach (var (uid, pod) in pods.Where(pod => pod.Value.Text("spec", "nodeName") == host.Name && !HasEnded(pod.Value)))
            {
                var its = running.Where(container => container.Sandbox.Config.Uid == uid).ToList();
                Expect(its.Count == pod.List("spec", "containers").Length, $"pod {Name(pod)} has {its.Count} running containers on {host.Name}");
                Expect(pod.Flag("spec", "hostNetwork") == true || its.All(container => container.Sandbox.Address == pod.Text("status", "podIP")),
                    $"pod {Name(pod)} has another address on {host.Name} than in its status");
            }
        }
    }

    private void LookAtMirrorPods()
    {
        foreach (var host in cluster.Spec.Nodes.Select(name => cluster.Hosts[name]))
        {
            var wanted = host.Files.List("/etc/kubernetes/manifests").Select(file => $"{file.Replace(".yaml", "", StringComparison.Ordinal)}-{host.Name}").Order(StringComparer.Ordinal);
            var mirrored = All("pods")
                .Where(pod => pod.Text("spec", "nodeName") == host.Name && pod.At("metadata", "annotations", "kubernetes.io/config.mirror") is not null)
                .Select(pod => pod.Text("metadata", "name")!)
                .Order(StringComparer.Ordinal);
            Expect(mirrored.SequenceEqual(wanted), $"{host.Name} has the mirror pods {string.Join(",", mirrored)}, not {string.Join(",", wanted)}");
        }
    }

    private static RuntimeState? Runtime(Host host) => (host.UnixSockets.Connect(Containerd.Socket, out _) as CriService)?.State;

    private static bool HasEnded(Doc pod) => pod.Text("status", "phase") is "Succeeded" or "Failed";

    private static string? Condition(Doc value, string type) =>
        value.List("status", "conditions").FirstOrDefault(condition => condition.Text("type") == type)?.Text("status");

    private static string Name(Doc value) => $"{value.Text("metadata", "namespace")}/{value.Text("metadata", "name")}";

    private void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            _lacks.Add(otherwise);
        }
    }
}
