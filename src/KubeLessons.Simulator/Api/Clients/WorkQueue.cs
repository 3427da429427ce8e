using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Api.Clients;

/// <summary>
/// Keys that want a look. A key that is already waiting is not added twice; each is reconciled in a turn of its own, one after
/// another. The reconciler is given a key, never an event: it reads what is, and says when it wants to look again.
/// </summary>
/// <param name="owner">The process that it lives and dies with.</param>
/// <param name="reconcile">Looks at one key. The answer: look again after this time; null: when something changes.</param>
public sealed class WorkQueue<TKey>(Process owner, Func<TKey, TimeSpan?> reconcile)
    where TKey : notnull
{
    /// <summary>From being added to being looked at, and between two keys.</summary>
    public static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(1);

    private readonly Queue<TKey> _waiting = new();
    private readonly HashSet<TKey> _known = [];
    private readonly Dictionary<TKey, Turn> _later = [];
    private bool _turnPlanned;

    public int Count => _waiting.Count;

    public void Add(TKey key)
    {
        if (_known.Add(key))
        {
            _waiting.Enqueue(key);
            PlanTurn();
        }
    }

    /// <summary>Adds the key later; an earlier appointment for the same key stands.</summary>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        if (_later.TryGetValue(key, out var planned) && !planned.IsCancelled)
        {
            if (planned.Due <= owner.World.Now + delay)
            {
                return;
            }

            planned.Cancel();
        }

        _later[key] = owner.After(delay, () =>
        {
            _later.Remove(key);
            Add(key);
        });
    }

    private void PlanTurn()
    {
        if (!_turnPlanned && _waiting.Count > 0)
        {
            _turnPlanned = true;
            owner.After(Latency, Next);
        }
    }

    private void Next()
    {
        _turnPlanned = false;
        if (_waiting.TryDequeue(out var key))
        {
            _known.Remove(key);
            if (reconcile(key) is { } again)
            {
                AddAfter(key, again);
            }
        }

        PlanTurn();
    }
}
