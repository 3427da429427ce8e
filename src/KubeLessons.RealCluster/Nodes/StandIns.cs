namespace KubeLessons.RealCluster.Nodes;

/// <summary>
/// Puts a small crictl into the learner's folder of nodes that have containerd but no crictl: it asks containerd through ctr and prints the
/// columns that crictl prints. Kubernetes' packages bring crictl along; a distribution's own often do not.
/// </summary>
internal static class StandIns
{
    private const string Crictl =
        """
        #!/bin/bash
        # Stands in for crictl on this node: what it prints comes from containerd, through ctr.
        c() { ctr -n k8s.io "$@" 2>/dev/null; }
        label() { printf '%s\n' "$1" | sed -n "s/^ *\"$2\": \"\(.*\)\",\{0,1\}$/\1/p" | head -n 1; }
        age() { local s=$(( $(date +%s) - $(date -d "$1" +%s) )); if [ $s -lt 60 ]; then echo "$s seconds ago"; elif [ $s -lt 3600 ]; then echo "$((s / 60)) minutes ago"; else echo "$((s / 3600)) hours ago"; fi; }
        list() { # KIND ALL QUIET NAME
          local tasks; tasks=$(c tasks ls | awk 'NR > 1 {print $1, $3}')
          for id in $(c containers ls -q); do
            local info state; info=$(c containers info "$id" | sed '/^    "Spec": {/,$d')
            [ "$(label "$info" io.cri-containerd.kind)" = "$1" ] || continue
            state=$(printf '%s\n' "$tasks" | awk -v id="$id" '$1 == id {print $2}')
            if [ "$state" = RUNNING ]; then state=Running; else state=Exited; fi
            [ "$2" = 1 ] || [ "$state" = Running ] || continue
            local name pod; name=$(label "$info" io.kubernetes.container.name); pod=$(label "$info" io.kubernetes.pod.name)
            [ -z "$4" ] || case "${name:-$pod}" in *"$4"*) ;; *) continue ;; esac
            if [ "$3" = 1 ]; then echo "$id"; continue; fi
            local created; created=$(age "$(label "$info" CreatedAt)")
            if [ "$1" = container ]; then
              printf '%-20.13s%-44.40s%-20s%-12s%-24s%-10s%s\n' "$id" "$(label "$info" Image)" "$created" "$state" "$name" 0 "$pod"
            else
              [ "$state" = Running ] && state=Ready || state=NotReady
              printf '%-20.13s%-20s%-12s%-44s%-20s%s\n' "$id" "$created" "$state" "$pod" "$(label "$info" io.kubernetes.pod.namespace)" 0
            fi
          done
        }
        verb=$1; shift; all=0 quiet=0 name=
        while [ $# -gt 0 ]; do
          case $1 in -a|--all) all=1 ;; -q|--quiet) quiet=1 ;; -aq|-qa) all=1; quiet=1 ;; --name) name=$2; shift ;; *) echo "crictl: $1 is not known to this stand-in, which knows ps and pods with -a, -q and --name" >&2; exit 1 ;; esac
          shift
        done
        case $verb in
          ps) [ $quiet = 1 ] || printf '%-20s%-44s%-20s%-12s%-24s%-10s%s\n' CONTAINER IMAGE CREATED STATE NAME ATTEMPT POD; list container $all $quiet "$name" ;;
          pods) [ $quiet = 1 ] || printf '%-20s%-20s%-12s%-44s%-20s%s\n' 'POD ID' CREATED STATE NAME NAMESPACE ATTEMPT; list sandbox 1 $quiet "$name" ;;
          *) echo "crictl: $verb is not known to this stand-in, which knows ps and pods" >&2; exit 1 ;;
        esac
        """;

    public static Task PutAsync(NodeShell shell, IEnumerable<MappedNode> nodes, string folder, CancellationToken cancellation) =>
        Task.WhenAll(nodes.Select(node => shell.LookAsync(
            node.Address,
            $"""
            command -v crictl >/dev/null 2>&1 && exit 0
            command -v ctr >/dev/null 2>&1 || exit 0
            mkdir -p {folder}/bin && printf '%s' {SshAccess.Quote(Crictl)} > {folder}/bin/crictl && chmod 755 {folder}/bin/crictl
            """,
            cancellation)));
}
