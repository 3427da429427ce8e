using BenchmarkDotNet.Attributes;
using KubeLessons.Simulator.Clusters;

namespace KubeLessons.Benchmarks;

/// <summary>
/// Ten minutes in which nobody does anything on a cluster of ten nodes with an ordinary load: web servers with two probes each,
/// caches behind a TCP probe, an agent on every worker that a command probes, and a job every five minutes.
/// </summary>
[MemoryDiagnoser]
public class IdleBenchmarks
{
    private const string Load =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 20
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - name: nginx
                image: nginx
                readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 5}
                livenessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 10}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {selector: {app: web}, ports: [{port: 80}]}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: cache}
        spec:
          replicas: 5
          selector: {matchLabels: {app: cache}}
          template:
            metadata: {labels: {app: cache}}
            spec:
              containers:
              - name: redis
                image: redis
                readinessProbe: {tcpSocket: {port: 6379}, periodSeconds: 5}
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent}
        spec:
          selector: {matchLabels: {app: agent}}
          template:
            metadata: {labels: {app: agent}}
            spec:
              containers:
              - name: agent
                image: busybox
                command: [sh, -c, "touch /tmp/ok; sleep 1000000"]
                livenessProbe: {exec: {command: [cat, /tmp/ok]}, periodSeconds: 10}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: tick}
        spec:
          schedule: "*/5 * * * *"
          jobTemplate:
            spec:
              template:
                spec:
                  restartPolicy: Never
                  containers:
                  - {name: tick, image: busybox, command: [echo, hi]}
        """;

    private Cluster _bare = null!;
    private Cluster _loaded = null!;

    [GlobalSetup]
    public void Boot()
    {
        _bare = BenchCluster.Boot(10);
        _loaded = BenchCluster.Boot(10);
        BenchCluster.Run(_loaded, $"cat > load.yaml <<'EOF'\n{Load}\nEOF\nkubectl apply -f load.yaml");
        BenchCluster.Run(_loaded, "kubectl rollout status deployment/web deployment/cache daemonset/agent");
        _loaded.World.AdvanceTo(_loaded.World.Now + TimeSpan.FromMinutes(5));
    }

    [Benchmark(Baseline = true)]
    public void Ten_minutes_of_ten_bare_nodes() => TenMinutes(_bare);

    [Benchmark]
    public void Ten_minutes_of_ten_nodes_under_load() => TenMinutes(_loaded);

    private static void TenMinutes(Cluster cluster) => cluster.World.AdvanceTo(cluster.World.Now + TimeSpan.FromMinutes(10));
}
