namespace KubeLessons.Simulator.Controllers;

/// <summary>
/// What a controller has asked for and not yet seen come back in its informers. While something is outstanding, its picture is
/// older than its own deeds, and acting on it would create or delete too much.
/// </summary>
internal sealed class Expectations(World world)
{
    /// <summary>After so long an expectation is given up (pkg/controller: ExpectationsTimeout).</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Dictionary<ObjectName, Outstanding> _outstanding = [];

    public bool AreMet(ObjectName key) =>
        !_outstanding.TryGetValue(key, out var waiting)
        || (waiting.Creations <= 0 && waiting.Deletions.Count == 0)
        || world.Now - waiting.Since > Patience;

    public void ExpectCreations(ObjectName key, int count) =>
        _outstanding[key] = new Outstanding(world.Now) { Creations = count };

    public void ExpectDeletions(ObjectName key, IEnumerable<string> uids) =>
        _outstanding[key] = new Outstanding(world.Now) { Deletions = [.. uids] };

    public void Expect(ObjectName key, int creations, IEnumerable<string> deletedUids) =>
        _outstanding[key] = new Outstanding(world.Now) { Creations = creations, Deletions = [.. deletedUids] };

    public void CreationSeen(ObjectName key)
    {
        if (_outstanding.TryGetValue(key, out var waiting))
        {
            waiting.Creations--;
        }
    }

    public void DeletionSeen(ObjectName key, string uid)
    {
        if (_outstanding.TryGetValue(key, out var waiting))
        {
            waiting.Deletions.Remove(uid);
        }
    }

    public void Forget(ObjectName key) => _outstanding.Remove(key);

    private sealed class Outstanding(TimeSpan since)
    {
        public TimeSpan Since { get; } = since;

        public int Creations { get; set; }

        public HashSet<string> Deletions { get; init; } = [];
    }
}
