using KubeLessons.Simulator.Hosts.Identity;

namespace KubeLessons.Simulator.Clusters;

/// <summary>The objects that <c>kubeadm init</c> writes besides the addons: its own configuration and the way for nodes to join.</summary>
internal static class ClusterObjects
{
    public static string Of(ClusterSpec spec, string server, string authorityPem) => Text
        .Replace("@VERSION@", spec.Version.GitVersion, StringComparison.Ordinal)
        .Replace("@REGISTRY@", new ComponentImages(spec.Version).Registry, StringComparison.Ordinal)
        .Replace("@CONFIG@", Indent(new Kubeconfig(server) { AuthorityPem = authorityPem, ClusterName = "", UserName = "", ContextName = "" }.Write()), StringComparison.Ordinal)
        .Replace("@ADMINS@", spec.Version.Minor >= 29 ? Admins : "", StringComparison.Ordinal)
        .Replace("@KUBELETCONFIG@", spec.Version.Minor >= 24 ? "kubelet-config" : $"kubelet-config-1.{spec.Version.Minor}", StringComparison.Ordinal);

    private static string Indent(string text) => string.Join('\n', text.TrimEnd('\n').Split('\n').Select(line => "    " + line));

    private const string Admins = """
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: kubeadm:cluster-admins
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: cluster-admin
        subjects:
        - apiGroup: rbac.authorization.k8s.io
          kind: Group
          name: kubeadm:cluster-admins
        """;

    private const string Text = """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: kubeadm-config
          namespace: kube-system
        data:
          ClusterConfiguration: |
            apiServer: {}
            apiVersion: kubeadm.k8s.io/v1beta4
            caCertificateValidityPeriod: 87600h0m0s
            certificateValidityPeriod: 8760h0m0s
            certificatesDir: /etc/kubernetes/pki
            clusterName: kubernetes
            controllerManager: {}
            dns: {}
            encryptionAlgorithm: RSA-2048
            etcd:
              local:
                dataDir: /var/lib/etcd
            imageRepository: @REGISTRY@
            kind: ClusterConfiguration
            kubernetesVersion: @VERSION@
            networking:
              dnsDomain: cluster.local
              podSubnet: 172.16.0.0/16
              serviceSubnet: 10.96.0.0/12
            proxy: {}
            scheduler: {}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: @KUBELETCONFIG@
          namespace: kube-system
        data:
          kubelet: |
            apiVersion: kubelet.config.k8s.io/v1beta1
            cgroupDriver: systemd
            clusterDNS:
            - 10.96.0.10
            clusterDomain: cluster.local
            kind: KubeletConfiguration
            rotateCertificates: true
            staticPodPath: /etc/kubernetes/manifests
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: cluster-info
          namespace: kube-public
        data:
          kubeconfig: |
        @CONFIG@
        ---
        apiVersion: v1
        kind: Secret
        metadata:
          name: bootstrap-token-abcdef
          namespace: kube-system
        type: bootstrap.kubernetes.io/token
        stringData:
          auth-extra-groups: system:bootstrappers:kubeadm:default-node-token
          token-id: abcdef
          token-secret: 0123456789abcdef
          usage-bootstrap-authentication: "true"
          usage-bootstrap-signing: "true"
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: kubeadm:kubelet-bootstrap
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: system:node-bootstrapper
        subjects:
        - apiGroup: rbac.authorization.k8s.io
          kind: Group
          name: system:bootstrappers:kubeadm:default-node-token
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: kubeadm:get-nodes
        rules:
        - apiGroups: [""]
          resources: [nodes]
          verbs: [get]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: kubeadm:get-nodes
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: kubeadm:get-nodes
        subjects:
        - apiGroup: rbac.authorization.k8s.io
          kind: Group
          name: system:bootstrappers:kubeadm:default-node-token
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: kubeadm:node-autoapprove-bootstrap
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: system:certificates.k8s.io:certificatesigningrequests:nodeclient
        subjects:
        - apiGroup: rbac.authorization.k8s.io
          kind: Group
          name: system:bootstrappers:kubeadm:default-node-token
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: kubeadm:node-autoapprove-certificate-rotation
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: system:certificates.k8s.io:certificatesigningrequests:selfnodeclient
        subjects:
        - apiGroup: rbac.authorization.k8s.io
          kind: Group
          name: system:nodes
        @ADMINS@
        """;
}
