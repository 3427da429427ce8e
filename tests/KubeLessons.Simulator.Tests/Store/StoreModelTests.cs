using System.Collections.Immutable;
using CsCheck;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Tests.Store;

/// <summary>Random operations on the store against a model: a dictionary for what is, a list of dictionaries for what was.</summary>
public sealed class StoreModelTests
{
    private enum Op
    {
        Put,
        Delete,
        Compact,
        Rewind,
        Restore,
    }

    private static readonly Gen<(Op Op, int Name, int Number)> GenOp = Gen.Select(
        Gen.Frequency((12, Gen.Const(Op.Put)), (4, Gen.Const(Op.Delete)), (1, Gen.Const(Op.Compact)), (1, Gen.Const(Op.Rewind)), (1, Gen.Const(Op.Restore))),
        Gen.Int[0, 5],
        Gen.Int[0, 3]);

    [Fact]
    public void The_store_is_a_dictionary_that_remembers() => GenOp.Array[0, 60].Sample(
        operations =>
        {
            var (store, model) = (new ObjectStore(), new Model());
            store.DeclareIndex("pods", "spec", "nodeName");
            StoreSnapshot? snapshot = null;
            var snapshotModel = model.Now;
            foreach (var (op, name, number) in operations)
            {
                Apply(store, model, op, name, number, ref snapshot, ref snapshotModel);
                Check(store, model);
            }

            return true;
        },
        iter: 2_000);

    private static void Apply(
        ObjectStore store,
        Model model,
        Op op,
        int name,
        int number,
        ref StoreSnapshot? snapshot,
        ref ImmutableSortedDictionary<string, int> snapshotModel)
    {
        var key = new ObjectKey("pods", "ns" + (name % 2), "p" + name);
        switch (op)
        {
            case Op.Put:
                store.Commit(key, Doc.Obj(("spec", Doc.Obj(("nodeName", "n" + number)))));
                model.Commit(model.Now.SetItem(key.ToString(), number));
                break;
            case Op.Delete when model.Now.ContainsKey(key.ToString()):
                store.Commit(key, null);
                model.Commit(model.Now.Remove(key.ToString()));
                break;
            case Op.Compact:
                var compacted = store.Revision - (number * 3);
                store.Compact(compacted);
                model.Oldest = Math.Max(model.Oldest, Math.Min(compacted, store.Revision));
                break;
            case Op.Rewind:
                var to = Math.Max(Math.Max(store.CompactedRevision, ObjectStore.FirstRevision), store.Revision - (number * 2));
                store.Rewind(to);
                model.Rewind(to);
                break;
            case Op.Restore when snapshot is null || number == 0:
                (snapshot, snapshotModel) = (store.Snapshot(), model.Now);
                break;
            case Op.Restore:
                store.Restore(snapshot);
                model.Restore(snapshotModel, store.Revision);
                break;
        }
    }

    private static void Check(ObjectStore store, Model model)
    {
        store.Revision.ShouldBe(model.Revision);
        store.Count("pods").ShouldBe(model.Now.Count);
        Show(store.List("pods")).ShouldBe(model.Now.Select(entry => (entry.Key, entry.Value)));
        Show(store.List("pods", "ns1")).ShouldBe(model.Now.Where(entry => entry.Key.Contains("/ns1/")).Select(entry => (entry.Key, entry.Value)));
        for (var node = 0; node <= 3; node++)
        {
            Show(store.ListIndexed("pods", "spec.nodeName", "n" + node)).ShouldBe(model.Now.Where(entry => entry.Value == node).Select(entry => (entry.Key, entry.Value)));
        }

        for (var revision = Math.Max(model.Oldest, 1); revision <= model.Revision; revision++)
        {
            if (model.At(revision) is { } then)
            {
                Show(store.ListAt("pods", revision)).ShouldBe(then.Select(entry => (entry.Key, entry.Value)));
            }
        }

        var folded = Fold(store, model);
        folded.ShouldBe(model.Now);
    }

    // The state at the oldest known revision and all changes since are the state now: nothing is lost and nothing is twice.
    private static ImmutableSortedDictionary<string, int> Fold(ObjectStore store, Model model)
    {
        var from = Math.Max(store.CompactedRevision, 1);
        var state = model.At(from) ?? model.Now;
        foreach (var change in store.LogOf("pods").After(from))
        {
            change.Revision.ShouldBeGreaterThan(from);
            from = change.Revision;
            state = change.After.Object is { } value
                ? state.SetItem(change.Key.ToString(), Number(value))
                : state.Remove(change.Key.ToString());
        }

        return state;
    }

    private static IEnumerable<(string, int)> Show(IEnumerable<ObjectVersion> versions) =>
        versions.Select(version => (version.Key.ToString(), Number(version.Object!)));

    private static int Number(Doc value) => value.Text("spec", "nodeName")![1] - '0';

    private sealed class Model
    {
        private static readonly ImmutableSortedDictionary<string, int> Empty =
            ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

        private readonly SortedDictionary<long, ImmutableSortedDictionary<string, int>> _history = new() { [1] = Empty };

        public long Revision { get; private set; } = 1;

        public long Oldest { get; set; } = 1;

        public ImmutableSortedDictionary<string, int> Now => _history[Revision];

        public ImmutableSortedDictionary<string, int>? At(long revision) => _history.GetValueOrDefault(revision);

        public void Commit(ImmutableSortedDictionary<string, int> state) => _history[++Revision] = state;

        public void Rewind(long revision)
        {
            foreach (var later in _history.Keys.Where(key => key > revision).ToList())
            {
                _history.Remove(later);
            }

            Revision = revision;
        }

        public void Restore(ImmutableSortedDictionary<string, int> state, long revision)
        {
            _history.Clear();
            _history[revision] = state;
            (Revision, Oldest) = (revision, revision);
        }
    }
}
