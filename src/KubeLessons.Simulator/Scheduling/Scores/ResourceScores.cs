namespace KubeLessons.Simulator.Scheduling.Scores;

/// <summary>Prefers the node with the most left: the mean, over CPU and memory, of the free share (NodeResourcesFit, LeastAllocated).</summary>
internal sealed class LeastAllocated : ScorePlugin
{
    public override string Name => "NodeResourcesFit";

    public override long[] Score(SchedulingCycle cycle)
    {
        var scores = new long[cycle.Feasible.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            var node = cycle.Feasible[i];
            scores[i] = (Free(cycle, node, ResourceAmounts.Cpu) + Free(cycle, node, ResourceAmounts.Memory)) / 2;
        }

        return scores;
    }

    private static long Free(SchedulingCycle cycle, NodeInfo node, string resource)
    {
        var capacity = node.Allocatable[resource];
        var requested = node.ScoringRequested[resource] + cycle.Pod.ScoringRequests[resource];
        return capacity == 0 || requested > capacity ? 0 : (capacity - requested) * MaxScore / capacity;
    }
}

/// <summary>Prefers the node on which CPU and memory would be used to the same share (NodeResourcesBalancedAllocation).</summary>
internal sealed class BalancedAllocation : ScorePlugin
{
    public override string Name => "NodeResourcesBalancedAllocation";

    public override long[] Score(SchedulingCycle cycle)
    {
        var scores = new long[cycle.Feasible.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            var node = cycle.Feasible[i];
            scores[i] = Balance(Share(cycle, node, ResourceAmounts.Cpu), Share(cycle, node, ResourceAmounts.Memory), cycle);
        }

        return scores;
    }

    // Until 1.22 the difference of the two shares counts, and a full node scores 0; since then their standard deviation does.
    private static long Balance(double cpu, double memory, SchedulingCycle cycle)
    {
        if (cycle.Version.Minor < 23)
        {
            return cpu >= 1 || memory >= 1 ? 0 : (long)((1 - Math.Abs(cpu - memory)) * MaxScore);
        }

        return (long)((1 - Math.Abs((Math.Min(cpu, 1) - Math.Min(memory, 1)) / 2)) * MaxScore);
    }

    private static double Share(SchedulingCycle cycle, NodeInfo node, string resource)
    {
        var usesDefaults = cycle.Version.Minor < 23;
        var capacity = node.Allocatable[resource];
        var requested = usesDefaults
            ? node.ScoringRequested[resource] + cycle.Pod.ScoringRequests[resource]
            : node.Requested[resource] + cycle.Pod.Requests[resource];
        return capacity == 0 ? 1 : requested / (double)capacity;
    }
}

/// <summary>Prefers nodes that have the pod's images already, the larger and the less common the better (ImageLocality).</summary>
internal sealed class ImageLocality : ScorePlugin
{
    private const long MinThreshold = 23L * 1024 * 1024;
    private const long MaxContainerThreshold = 1000L * 1024 * 1024;

    public override string Name => "ImageLocality";

    public override long[] Score(SchedulingCycle cycle)
    {
        var containers = cycle.Pod.Pod.List("spec", "containers");
        var scores = new long[cycle.Feasible.Count];
        var sums = new long[scores.Length];
        foreach (var container in containers)
        {
            var image = NormalName(container.Text("image") ?? "");
            var have = cycle.Nodes.Count(node => SizeOn(node, image) is not null);
            for (var i = 0; i < scores.Length; i++)
            {
                if (SizeOn(cycle.Feasible[i], image) is { } size)
                {
                    sums[i] += (long)(size * ((double)have / cycle.Nodes.Count));
                }
            }
        }

        var most = MaxContainerThreshold * Math.Max(1, containers.Length);
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = MaxScore * (Math.Clamp(sums[i], MinThreshold, most) - MinThreshold) / (most - MinThreshold);
        }

        return scores;
    }

    private static string NormalName(string image) =>
        image.LastIndexOf(':') <= image.LastIndexOf('/') && !image.Contains('@', StringComparison.Ordinal) ? image + ":latest" : image;

    // Nodes list full names; a pod may say nginx where the node says docker.io/library/nginx:latest.
    private static long? SizeOn(NodeInfo node, string image) =>
        node.Images.TryGetValue(image, out var size)
        || node.Images.TryGetValue("docker.io/library/" + image, out size)
        || node.Images.TryGetValue("docker.io/" + image, out size)
            ? size
            : null;
}
