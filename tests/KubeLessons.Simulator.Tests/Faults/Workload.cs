namespace KubeLessons.Simulator.Tests.Faults;

/// <summary>What runs on the cluster while it is broken, and what people change about it meanwhile.</summary>
internal static class Workload
{
    public const string Namespace = "load";

    /// <summary>The Services that speak HTTP, by name.</summary>
    public static readonly string[] WebServices = ["web", "api", "db"];

    private static readonly string[] Images = ["nginx:1.25", "nginx:1.26", "nginx:1.27"];

    /// <summary>One command of somebody who works on the cluster at the same time; it may well fail.</summary>
    public static string DrawChange(SeededRandom random, int number) => "kubectl --request-timeout=10s -n " + Namespace + " " + random.Next(11) switch
    {
        0 => $"scale deployment web --replicas={1 + random.Next(5)}",
        1 => $"scale deployment api --replicas={1 + random.Next(4)}",
        2 => $"scale statefulset db --replicas={1 + random.Next(3)}",
        3 => $"set image deployment/web nginx={Images[random.Next(Images.Length)]}",
        4 => $"set image statefulset/db nginx={Images[random.Next(Images.Length)]}",
        5 => "rollout restart deployment api",
        6 => "rollout restart daemonset agent",
        7 => "rollout undo deployment web",
        8 => $"delete pod -l app={WebServices[random.Next(WebServices.Length)]} --wait=false",
        9 => $"create job batch-{number} --image=busybox -- sleep {1 + random.Next(60)}",
        _ => $"delete pod -l app=agent --wait=false{(random.Next(2) == 0 ? " --grace-period=0 --force" : "")}",
    };

    public const string Manifest = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: load}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: load}
        spec:
          replicas: 3
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 5
              containers:
              - name: nginx
                image: nginx:1.26
                ports: [{containerPort: 80}]
                readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 5}
                livenessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 10}
                resources: {requests: {cpu: 250m, memory: 64Mi}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: load}
        spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: api, namespace: load}
        spec:
          replicas: 2
          selector: {matchLabels: {app: api}}
          template:
            metadata: {labels: {app: api}}
            spec:
              terminationGracePeriodSeconds: 5
              containers:
              - name: httpd
                image: httpd:2.4
                ports: [{containerPort: 80}]
                readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 5}
                resources: {requests: {cpu: 150m}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: api, namespace: load}
        spec: {selector: {app: api}, ports: [{port: 80}]}
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db, namespace: load}
        spec:
          serviceName: db
          replicas: 2
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}}
            spec:
              terminationGracePeriodSeconds: 5
              containers:
              - name: nginx
                image: nginx:1.26
                resources: {requests: {cpu: 100m}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: db, namespace: load}
        spec: {clusterIP: None, selector: {app: db}, ports: [{port: 80}]}
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent, namespace: load}
        spec:
          selector: {matchLabels: {app: agent}}
          template:
            metadata: {labels: {app: agent}}
            spec:
              terminationGracePeriodSeconds: 1
              tolerations: [{operator: Exists, effect: NoSchedule}]
              containers:
              - name: busybox
                image: busybox
                command: [sleep, infinity]
                resources: {requests: {cpu: 10m}}
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: {name: first, namespace: load}
        spec:
          completions: 4
          parallelism: 2
          template:
            spec:
              restartPolicy: OnFailure
              containers:
              - {name: busybox, image: busybox, command: [sleep, "20"]}
        """;
}
