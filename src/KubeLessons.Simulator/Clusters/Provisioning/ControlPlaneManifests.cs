using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Clusters.Provisioning;

/// <summary>The static pods that <c>kubeadm init</c> writes into /etc/kubernetes/manifests.</summary>
internal sealed class ControlPlaneManifests(KubernetesVersion version, string nodeName, string address)
{
    /// <summary>etcd's --initial-cluster: name and peer URL of every member.</summary>
    public string InitialCluster { get; init; } = $"{nodeName}=https://{address}:2380";

    /// <summary>kube-apiserver's --etcd-servers.</summary>
    public string EtcdServers { get; init; } = "https://127.0.0.1:2379";

    private readonly ComponentImages _images = new(version);

    // kubeadm names the port of the probes since 1.33.
    private string ProbePort(int port) => version.Minor >= 33 ? "probe-port" : port.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private string Livez => version.Minor >= 31 ? "/livez" : "/healthz";

    public string Etcd() => Pod("etcd", "kubeadm.kubernetes.io/etcd.advertise-client-urls: https://" + address + ":2379", $"""
            - etcd
            - --advertise-client-urls=https://{address}:2379
            - --cert-file=/etc/kubernetes/pki/etcd/server.crt
            - --client-cert-auth=true
            - --data-dir=/var/lib/etcd
            - --initial-advertise-peer-urls=https://{address}:2380
            - --initial-cluster={InitialCluster}
            - --key-file=/etc/kubernetes/pki/etcd/server.key
            - --listen-client-urls=https://127.0.0.1:2379,https://{address}:2379
            - --listen-metrics-urls=http://127.0.0.1:2381
            - --listen-peer-urls=https://{address}:2380
            - --name={nodeName}
            - --peer-cert-file=/etc/kubernetes/pki/etcd/peer.crt
            - --peer-client-cert-auth=true
            - --peer-key-file=/etc/kubernetes/pki/etcd/peer.key
            - --peer-trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt
            - --snapshot-count=10000
            - --trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt
        """, _images.Etcd, new Probes("127.0.0.1", 2381, "HTTP", version.Minor >= 31 ? "/livez" : "/health", version.Minor >= 31 ? "/readyz" : null), "100m", "100Mi",
        [("etcd-data", "/var/lib/etcd", "DirectoryOrCreate", false), ("etcd-certs", "/etc/kubernetes/pki/etcd", "DirectoryOrCreate", false)]);

    public string ApiServer() => Pod("kube-apiserver", "kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint: " + address + ":6443", $"""
            - kube-apiserver
            - --advertise-address={address}
            - --allow-privileged=true
            - --authorization-mode=Node,RBAC
            - --client-ca-file=/etc/kubernetes/pki/ca.crt
            - --enable-admission-plugins=NodeRestriction
            - --enable-bootstrap-token-auth=true
            - --etcd-cafile=/etc/kubernetes/pki/etcd/ca.crt
            - --etcd-certfile=/etc/kubernetes/pki/apiserver-etcd-client.crt
            - --etcd-keyfile=/etc/kubernetes/pki/apiserver-etcd-client.key
            - --etcd-servers={EtcdServers}
            - --kubelet-client-certificate=/etc/kubernetes/pki/apiserver-kubelet-client.crt
            - --kubelet-client-key=/etc/kubernetes/pki/apiserver-kubelet-client.key
            - --kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname
            - --proxy-client-cert-file=/etc/kubernetes/pki/front-proxy-client.crt
            - --proxy-client-key-file=/etc/kubernetes/pki/front-proxy-client.key
            - --requestheader-allowed-names=front-proxy-client
            - --requestheader-client-ca-file=/etc/kubernetes/pki/front-proxy-ca.crt
            - --requestheader-extra-headers-prefix=X-Remote-Extra-
            - --requestheader-group-headers=X-Remote-Group
            - --requestheader-username-headers=X-Remote-User
            - --secure-port=6443
            - --service-account-issuer=https://kubernetes.default.svc.cluster.local
            - --service-account-key-file=/etc/kubernetes/pki/sa.pub
            - --service-account-signing-key-file=/etc/kubernetes/pki/sa.key
            - --service-cluster-ip-range=10.96.0.0/12
            - --tls-cert-file=/etc/kubernetes/pki/apiserver.crt
            - --tls-private-key-file=/etc/kubernetes/pki/apiserver.key
        """, _images.ApiServer, new Probes(address, 6443, "HTTPS", "/livez", "/readyz"), "250m", null, [
            ("ca-certs", "/etc/ssl/certs", "DirectoryOrCreate", true),
            ("etc-ca-certificates", "/etc/ca-certificates", "DirectoryOrCreate", true),
            ("k8s-certs", "/etc/kubernetes/pki", "DirectoryOrCreate", true),
            ("usr-local-share-ca-certificates", "/usr/local/share/ca-certificates", "DirectoryOrCreate", true),
            ("usr-share-ca-certificates", "/usr/share/ca-certificates", "DirectoryOrCreate", true),
        ]);

    public string ControllerManager() => Pod("kube-controller-manager", null, """
            - kube-controller-manager
            - --allocate-node-cidrs=true
            - --authentication-kubeconfig=/etc/kubernetes/controller-manager.conf
            - --authorization-kubeconfig=/etc/kubernetes/controller-manager.conf
            - --bind-address=127.0.0.1
            - --client-ca-file=/etc/kubernetes/pki/ca.crt
            - --cluster-cidr=172.16.0.0/16
            - --cluster-name=kubernetes
            - --cluster-signing-cert-file=/etc/kubernetes/pki/ca.crt
            - --cluster-signing-key-file=/etc/kubernetes/pki/ca.key
            - --controllers=*,bootstrapsigner,tokencleaner
            - --kubeconfig=/etc/kubernetes/controller-manager.conf
            - --leader-elect=true
            - --requestheader-client-ca-file=/etc/kubernetes/pki/front-proxy-ca.crt
            - --root-ca-file=/etc/kubernetes/pki/ca.crt
            - --service-account-private-key-file=/etc/kubernetes/pki/sa.key
            - --service-cluster-ip-range=10.96.0.0/12
            - --use-service-account-credentials=true
        """, _images.ControllerManager, new Probes("127.0.0.1", 10257, "HTTPS", "/healthz", null), "200m", null, [
            ("ca-certs", "/etc/ssl/certs", "DirectoryOrCreate", true),
            ("etc-ca-certificates", "/etc/ca-certificates", "DirectoryOrCreate", true),
            ("flexvolume-dir", "/usr/libexec/kubernetes/kubelet-plugins/volume/exec", "DirectoryOrCreate", false),
            ("k8s-certs", "/etc/kubernetes/pki", "DirectoryOrCreate", true),
            ("kubeconfig", "/etc/kubernetes/controller-manager.conf", "FileOrCreate", true),
            ("usr-local-share-ca-certificates", "/usr/local/share/ca-certificates", "DirectoryOrCreate", true),
            ("usr-share-ca-certificates", "/usr/share/ca-certificates", "DirectoryOrCreate", true),
        ]);

    public string Scheduler() => Pod("kube-scheduler", null, """
            - kube-scheduler
            - --authentication-kubeconfig=/etc/kubernetes/scheduler.conf
            - --authorization-kubeconfig=/etc/kubernetes/scheduler.conf
            - --bind-address=127.0.0.1
            - --kubeconfig=/etc/kubernetes/scheduler.conf
            - --leader-elect=true
        """, _images.Scheduler,
        new Probes("127.0.0.1", 10259, "HTTPS", Livez, version.Minor >= 31 ? "/readyz" : null), "100m", null,
        [("kubeconfig", "/etc/kubernetes/scheduler.conf", "FileOrCreate", true)]);

    private string Pod(
        string name, string? annotation, string command, string image, Probes probes, string cpu, string? memory,
        ReadOnlySpan<(string Name, string Path, string Type, bool IsReadOnly)> volumes)
    {
        var text = new System.Text.StringBuilder("apiVersion: v1\nkind: Pod\nmetadata:\n");
        text.Append(annotation is null ? "" : $"  annotations:\n    {annotation}\n");
        text.Append(version.Minor < 33 ? "  creationTimestamp: null\n" : "");
        text.Append($"  labels:\n    component: {name}\n    tier: control-plane\n  name: {name}\n  namespace: kube-system\nspec:\n  containers:\n  - command:\n");
        foreach (var line in command.Split('\n'))
        {
            text.Append("    ").Append(line.TrimStart()).Append('\n');
        }

        text.Append($"    image: {image}\n    imagePullPolicy: IfNotPresent\n");
        Probe(text, "livenessProbe", probes, probes.Live, 8, 10);
        text.Append($"    name: {name}\n");
        if (version.Minor >= 33)
        {
            text.Append($"    ports:\n    - containerPort: {probes.Port}\n      name: probe-port\n      protocol: TCP\n");
        }

        if (probes.Ready is { } ready)
        {
            Probe(text, "readinessProbe", probes, ready, 3, 1);
        }

        text.Append($"    resources:\n      requests:\n        cpu: {cpu}\n");
        text.Append(memory is null ? "" : $"        memory: {memory}\n");
        Probe(text, "startupProbe", probes, probes.Live, 24, 10);
        text.Append("    volumeMounts:\n");
        foreach (var volume in volumes)
        {
            text.Append($"    - mountPath: {volume.Path}\n      name: {volume.Name}\n");
            text.Append(volume.IsReadOnly ? "      readOnly: true\n" : "");
        }

        text.Append("  hostNetwork: true\n  priority: 2000001000\n  priorityClassName: system-node-critical\n");
        text.Append("  securityContext:\n    seccompProfile:\n      type: RuntimeDefault\n  volumes:\n");
        foreach (var volume in volumes)
        {
            text.Append($"  - hostPath:\n      path: {volume.Path}\n      type: {volume.Type}\n    name: {volume.Name}\n");
        }

        return text.Append("status: {}\n").ToString();
    }

    private void Probe(System.Text.StringBuilder text, string kind, Probes probes, string path, int failures, int period)
    {
        text.Append($"    {kind}:\n      failureThreshold: {failures}\n      httpGet:\n        host: {probes.Host}\n        path: {path}\n        port: {ProbePort(probes.Port)}\n        scheme: {probes.Scheme}\n");
        text.Append(kind == "readinessProbe" ? "" : "      initialDelaySeconds: 10\n");
        text.Append($"      periodSeconds: {period}\n      timeoutSeconds: 15\n");
    }

    private sealed record Probes(string Host, int Port, string Scheme, string Live, string? Ready);
}
