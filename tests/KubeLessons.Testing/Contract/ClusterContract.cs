using System.Collections.Immutable;
using KubeLessons.Clusters;
using KubeLessons.Lessons;

namespace KubeLessons.Testing.Contract;

/// <summary>
/// What every cluster of the seam promises, whether its time jumps or passes. Each implementation runs this suite in a test class of its
/// own; nothing here knows which one it is.
/// </summary>
public abstract class ClusterContract
{
    private static readonly ClusterRequest Request = new(ClusterSpec.Standard, null, null, ["configmaps", "events", "nodes", "pods"])
    {
        Facts = [new FactName("unit", "kubelet"), new FactName("sysctl", "net.ipv4.ip_forward"), new FactName("container", "")],
    };

    /// <summary>How much later than asked for a wait may end: a real machine is not always ours.</summary>
    protected virtual TimeSpan Slack => TimeSpan.Zero;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<ICluster> OpenAsync(ClusterRequest request);

    [Fact]
    public async Task A_command_runs_on_its_node_with_its_variables_and_streams_apart()
    {
        await using var cluster = await OpenAsync(Request);
        var chunks = new List<OutputChunk>();
        var command = new ClusterCommand("w1-k8s", "echo $who on $(hostname); sleep 0.2; echo oops >&2; exit 3") with
        {
            Environment = ImmutableSortedDictionary<string, string>.Empty.Add("who", "it's a learner"),
        };

        var result = await cluster.RunAsync(command, chunks.Add, Token);

        result.ExitCode.ShouldBe(3);
        result.StandardOutput.ShouldBe("it's a learner on w1-k8s\n");
        result.StandardError.ShouldBe("oops\n");
        result.Output.ShouldBe("it's a learner on w1-k8s\noops\n");
        string.Concat(chunks.Select(chunk => chunk.Text)).ShouldBe(result.Output);
        result.Ended.ShouldBeGreaterThanOrEqualTo(result.Started);
    }

    [Fact]
    public async Task Commands_of_one_node_share_a_working_folder()
    {
        await using var cluster = await OpenAsync(Request);

        await cluster.RunAsync(new ClusterCommand("m-k8s", "cat > notes.txt <<'END'\nkept $as it is\nEND\n"), null, Token);

        (await cluster.RunAsync(new ClusterCommand("m-k8s", "cat notes.txt"), null, Token)).Output.ShouldBe("kept $as it is\n");
    }

    [Fact]
    public async Task Waiting_moves_the_clusters_clock_and_not_past_the_limit()
    {
        await using var cluster = await OpenAsync(Request);
        var before = (await cluster.ObserveAsync(0, Token)).Now;

        await cluster.WaitAsync(TimeSpan.FromSeconds(3), Token);

        var after = (await cluster.ObserveAsync(0, Token)).Now;
        (after - before).ShouldBeInRange(TimeSpan.FromTicks(1), TimeSpan.FromSeconds(3) + Slack);
    }

    [Fact]
    public async Task Waiting_ends_at_the_next_change()
    {
        await using var cluster = await OpenAsync(Request);
        await cluster.RunAsync(new ClusterCommand("m-k8s", "kubectl run contract --image=nginx"), null, Token);
        var known = await cluster.ObserveAsync(0, Token);

        await cluster.WaitAsync(TimeSpan.FromHours(1), Token);

        var changes = await cluster.ObserveAsync(known.Position, Token);
        changes.Items.ShouldNotBeEmpty();
        (changes.Now - known.Now).ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task The_record_begins_with_the_state_as_it_was_found()
    {
        await using var cluster = await OpenAsync(Request);

        var opening = await cluster.ObserveAsync(0, Token);

        opening.Items.OfType<ObjectChange>().Where(change => change.Id.Resource == "nodes").Select(change => change.Id.Name)
            .ShouldBe(cluster.Description.Nodes.Select(node => node.Name), ignoreOrder: true);
        opening.Items.OfType<FactChange>().ShouldContain(change => change.Id == new FactId("w1-k8s", "unit", "kubelet") && change.Value == "active");
        opening.Items.OfType<FactChange>().ShouldContain(change => change.Id == new FactId("w1-k8s", "sysctl", "net.ipv4.ip_forward") && change.Value == "1");
        opening.Items.OfType<ObjectChange>().ShouldAllBe(change => change.Object != null);
    }

    [Fact]
    public async Task The_record_is_in_the_order_of_time_and_is_read_on_from_a_position()
    {
        await using var cluster = await OpenAsync(Request);
        var first = await cluster.ObserveAsync(0, Token);
        await cluster.RunAsync(new ClusterCommand("m-k8s", "kubectl create configmap contract --from-literal=a=b"), null, Token);

        var rest = await cluster.ObserveAsync(first.Position, Token);
        var all = await cluster.ObserveAsync(0, Token);

        all.Items.Length.ShouldBeGreaterThanOrEqualTo(first.Items.Length + 1);
        all.Items.Select(change => change.At).ShouldBeInOrder();
        rest.Items.ShouldContain(change => change is ObjectChange && ((ObjectChange)change).Id.Name == "contract");
        rest.Position.ShouldBeGreaterThan(first.Position);
        (await cluster.ObserveAsync(0, Token)).Items.Length.ShouldBeGreaterThanOrEqualTo(all.Items.Length);
    }

    [Fact]
    public async Task What_a_command_changed_is_on_record_by_its_end()
    {
        await using var cluster = await OpenAsync(Request);

        var created = await cluster.RunAsync(new ClusterCommand("m-k8s", "kubectl create configmap contract --from-literal=a=b"), null, Token);
        var stopped = await cluster.RunAsync(new ClusterCommand("w1-k8s", "systemctl stop kubelet"), null, Token);
        var deleted = await cluster.RunAsync(new ClusterCommand("m-k8s", "kubectl delete configmap contract"), null, Token);
        var started = await cluster.RunAsync(new ClusterCommand("w1-k8s", "systemctl start kubelet"), null, Token);

        var changes = (await cluster.ObserveAsync(0, Token)).Items;
        var maps = changes.OfType<ObjectChange>().Where(change => change.Id == new ObjectId("configmaps", "default", "contract")).ToList();
        maps.Select(change => change.Object?.Root.GetProperty("data").GetProperty("a").GetString()).ShouldBe(["b", null]);
        maps[0].At.ShouldBeInRange(created.Started, created.Ended);
        maps[1].At.ShouldBeInRange(deleted.Started, deleted.Ended);
        var kubelet = changes.OfType<FactChange>().Where(change => change.Id == new FactId("w1-k8s", "unit", "kubelet")).ToList();
        kubelet.ShouldContain(change => change.Value == "inactive" && change.At >= stopped.Started && change.At <= stopped.Ended);
        kubelet.ShouldContain(change => change.Value == "active" && change.At >= started.Started && change.At <= started.Ended);
    }

    [Fact]
    public async Task The_containers_of_a_node_are_known_by_their_pods_labels()
    {
        await using var cluster = await OpenAsync(Request);
        await cluster.RunAsync(
            new ClusterCommand("m-k8s", "kubectl run contract --image=nginx --labels=app=contract && kubectl wait --for=condition=Ready --timeout=60s pod/contract"),
            null,
            Token);
        var deadline = (await cluster.ObserveAsync(0, Token)).Now + TimeSpan.FromSeconds(30);

        bool IsRunning(ClusterChange change) =>
            change is FactChange { Id.Noun: "container", Value: { } value } && value.Contains("\"app\":\"contract\"", StringComparison.Ordinal)
            && value.Contains("\"state\":\"running\"", StringComparison.Ordinal);
        while ((await cluster.ObserveAsync(0, Token)) is var seen && !seen.Items.Any(IsRunning) && seen.Now < deadline)
        {
            await cluster.WaitAsync(TimeSpan.FromSeconds(1), Token);
        }

        (await cluster.ObserveAsync(0, Token)).Items.Any(IsRunning).ShouldBeTrue();
    }

    [Fact]
    public async Task An_endless_command_is_ended_when_its_time_is_over()
    {
        await using var cluster = await OpenAsync(Request);

        var result = await cluster.RunAsync(
            new ClusterCommand("m-k8s", "echo begun; while true; do sleep 1; done") with { AtMost = TimeSpan.FromSeconds(3) }, null, Token);

        result.ExitCode.ShouldBe(124);
        result.Output.ShouldBe("begun\n");
        (result.Ended - result.Started).ShouldBeLessThan(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task An_interrupt_ends_a_command_and_leaves_the_cluster_usable()
    {
        await using var cluster = await OpenAsync(Request);
        using var interrupt = new CancellationTokenSource();
        var command = new ClusterCommand("m-k8s", "while true; do echo tick; sleep 1; done");

        await Should.ThrowAsync<OperationCanceledException>(() => cluster.RunAsync(command, _ => interrupt.Cancel(), interrupt.Token));

        (await cluster.RunAsync(new ClusterCommand("m-k8s", "echo still here"), null, Token)).Output.ShouldBe("still here\n");
    }

    [Fact]
    public async Task An_interrupt_ends_a_wait()
    {
        await using var cluster = await OpenAsync(Request);
        using var interrupt = new CancellationTokenSource();
        await interrupt.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await cluster.WaitAsync(TimeSpan.FromHours(1), interrupt.Token));
    }

    [Fact]
    public async Task A_machine_that_does_not_exist_is_an_ssh_that_failed()
    {
        await using var cluster = await OpenAsync(Request);

        var result = await cluster.RunAsync(new ClusterCommand("w9-k8s", "true"), null, Token);

        result.ExitCode.ShouldBe(255);
        result.StandardError.ShouldContain("w9-k8s");
    }

    [Fact]
    public async Task A_cluster_says_what_it_is()
    {
        await using var cluster = await OpenAsync(Request);

        cluster.Description.Nodes.ShouldContain(node => node.Name == "m-k8s" && node.Role == NodeRole.ControlPlane);
        cluster.Description.Nodes.ShouldContain(node => node.Name == "w1-k8s" && node.Role == NodeRole.Worker);
        cluster.Description.Durations["nodeMonitorGracePeriod"].ShouldBeGreaterThan(TimeSpan.FromSeconds(10));
        cluster.Description.Durations.Keys.ShouldBe(DurationSymbols.Names, ignoreOrder: true);
    }
}
