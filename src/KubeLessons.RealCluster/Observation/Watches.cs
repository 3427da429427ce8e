using KubeLessons.RealCluster.Api;

namespace KubeLessons.RealCluster.Observation;

/// <summary>The watches of a run, one for each resource that its lesson looks at.</summary>
internal sealed class Watches(IReadOnlyList<ResourceWatch> watches) : IAsyncDisposable
{
    private static readonly TimeSpan EndAtMost = TimeSpan.FromSeconds(1);
    private Task _following = Task.CompletedTask;

    /// <summary>Lists everything once: the state as it was found. Fails with <see cref="ApiFault"/>.</summary>
    public Task ListAsync(CancellationToken cancellation) => Task.WhenAll(watches.Select(watch => watch.ListAsync(cancellation)));

    /// <summary>Watches from now on, until it is cancelled.</summary>
    public void Follow(CancellationToken cancellation) =>
        _following = Task.WhenAll(watches.Select(watch => Task.Run(() => watch.FollowAsync(cancellation), CancellationToken.None)));

    /// <summary>Waits until what a list shows now is on record. Does without where the API server does not answer.</summary>
    public Task CatchUpAsync(CancellationToken cancellation) => Task.WhenAll(watches.Select(async watch =>
    {
        try
        {
            await watch.CatchUpAsync(cancellation).ConfigureAwait(false);
        }
        catch (ApiFault)
        {
            // It will be on record when the watch has found its server again.
        }
    }));

    public async ValueTask DisposeAsync() => await Task.WhenAny(_following, Task.Delay(EndAtMost)).ConfigureAwait(false);
}
