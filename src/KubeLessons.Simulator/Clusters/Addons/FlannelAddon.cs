namespace KubeLessons.Simulator.Clusters.Addons;

/// <summary>The pod network that the lab installs with <c>kubectl apply</c>: flannel, with host routes between the nodes.</summary>
internal static class FlannelAddon
{
    public static string Manifest(string image, string pluginImage) => Text
        .Replace("@IMAGE@", image, StringComparison.Ordinal)
        .Replace("@PLUGIN@", pluginImage, StringComparison.Ordinal);

    private const string Text = """
        apiVersion: v1
        kind: Namespace
        metadata:
          name: kube-flannel
          labels:
            k8s-app: flannel
            pod-security.kubernetes.io/enforce: privileged
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: flannel
          namespace: kube-flannel
          labels:
            k8s-app: flannel
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: flannel
          labels:
            k8s-app: flannel
        rules:
        - apiGroups: [""]
          resources: [pods]
          verbs: [get]
        - apiGroups: [""]
          resources: [nodes]
          verbs: [get, list, watch]
        - apiGroups: [""]
          resources: [nodes/status]
          verbs: [patch]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: flannel
          labels:
            k8s-app: flannel
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: flannel
        subjects:
        - kind: ServiceAccount
          name: flannel
          namespace: kube-flannel
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: kube-flannel-cfg
          namespace: kube-flannel
          labels:
            app: flannel
            k8s-app: flannel
            tier: node
        data:
          cni-conf.json: |
            {
              "name": "cbr0",
              "cniVersion": "0.3.1",
              "plugins": [
                {
                  "type": "flannel",
                  "delegate": {
                    "hairpinMode": true,
                    "isDefaultGateway": true
                  }
                },
                {
                  "type": "portmap",
                  "capabilities": {
                    "portMappings": true
                  }
                }
              ]
            }
          net-conf.json: |
            {
              "Network": "172.16.0.0/16",
              "EnableNFTables": false,
              "Backend": {
                "Type": "host-gw"
              }
            }
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: kube-flannel-ds
          namespace: kube-flannel
          labels:
            app: flannel
            k8s-app: flannel
            tier: node
        spec:
          selector:
            matchLabels:
              app: flannel
              k8s-app: flannel
          template:
            metadata:
              labels:
                app: flannel
                k8s-app: flannel
                tier: node
            spec:
              affinity:
                nodeAffinity:
                  requiredDuringSchedulingIgnoredDuringExecution:
                    nodeSelectorTerms:
                    - matchExpressions:
                      - key: kubernetes.io/os
                        operator: In
                        values: [linux]
              hostNetwork: true
              priorityClassName: system-node-critical
              serviceAccountName: flannel
              tolerations:
              - effect: NoSchedule
                operator: Exists
              initContainers:
              - name: install-cni-plugin
                image: @PLUGIN@
                command: [cp]
                args: ["-f", "/flannel", "/opt/cni/bin/flannel"]
                volumeMounts:
                - mountPath: /opt/cni/bin
                  name: cni-plugin
              - name: install-cni
                image: @IMAGE@
                command: [cp]
                args: ["-f", "/etc/kube-flannel/cni-conf.json", "/etc/cni/net.d/10-flannel.conflist"]
                volumeMounts:
                - mountPath: /etc/cni/net.d
                  name: cni
                - mountPath: /etc/kube-flannel/
                  name: flannel-cfg
              containers:
              - name: kube-flannel
                image: @IMAGE@
                command: [/opt/bin/flanneld]
                args: ["--ip-masq", "--kube-subnet-mgr"]
                env:
                - name: POD_NAME
                  valueFrom:
                    fieldRef:
                      fieldPath: metadata.name
                - name: POD_NAMESPACE
                  valueFrom:
                    fieldRef:
                      fieldPath: metadata.namespace
                - name: EVENT_QUEUE_DEPTH
                  value: "5000"
                - name: CONT_WHEN_CACHE_NOT_READY
                  value: "false"
                resources:
                  requests:
                    cpu: 100m
                    memory: 50Mi
                securityContext:
                  capabilities:
                    add: [NET_ADMIN, NET_RAW]
                  privileged: false
                volumeMounts:
                - mountPath: /run/flannel
                  name: run
                - mountPath: /etc/kube-flannel/
                  name: flannel-cfg
                - mountPath: /run/xtables.lock
                  name: xtables-lock
              volumes:
              - hostPath:
                  path: /run/flannel
                name: run
              - hostPath:
                  path: /opt/cni/bin
                name: cni-plugin
              - hostPath:
                  path: /etc/cni/net.d
                name: cni
              - configMap:
                  name: kube-flannel-cfg
                name: flannel-cfg
              - hostPath:
                  path: /run/xtables.lock
                  type: FileOrCreate
                name: xtables-lock
        """;
}
