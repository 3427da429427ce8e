using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Tests.Store;

/// <summary>What a store promises to those who watch it (etcd.io/docs: KV API guarantees, watch APIs).</summary>
public sealed class StoreGuaranteesTests
{
    private readonly ObjectStore _store = new();

    [Fact]
    public void Ordered_changes_come_in_the_order_of_their_revisions()
    {
        for (var i = 0; i < 50; i++)
        {
            Put($"p{i % 7}", i);
        }

        var revisions = _store.Log.After(0).ToArray().Select(change => change.Revision).ToList();
        revisions.ShouldBe(Enumerable.Range(2, 50).Select(each => (long)each));
        _store.LogOf("pods").After(0).ToArray().Select(change => change.Revision).ShouldBe(revisions);
    }

    [Fact]
    public void Unique_no_change_is_in_a_log_twice_even_when_an_indexed_field_changes()
    {
        _store.DeclareIndex("pods", "spec", "nodeName");
        _store.Commit(Key("p"), Pod("a"));
        _store.Commit(Key("p"), Pod("a"));
        _store.Commit(Key("p"), Pod("b"));

        Revisions(_store.LogOf("pods", "spec.nodeName", "a")).ShouldBe([2, 3, 4]);
        Revisions(_store.LogOf("pods", "spec.nodeName", "b")).ShouldBe([4]);

        static IEnumerable<long> Revisions(ChangeLog log) => log.After(0).ToArray().Select(change => change.Revision);
    }

    [Fact]
    public void Atomic_a_listener_finds_the_whole_revision_in_place()
    {
        _store.DeclareIndex("pods", "spec", "nodeName");
        var seen = 0;
        _store.LogOf("pods", "spec.nodeName", "a").Appended += change =>
        {
            seen++;
            _store.Revision.ShouldBe(change.Revision);
            _store.Get(change.Key)!.Revision.ShouldBe(change.Revision);
            _store.ListIndexed("pods", "spec.nodeName", "a").Single().Revision.ShouldBe(change.Revision);
            _store.Log.After(change.Revision - 1).Length.ShouldBe(1);
        };

        _store.Commit(Key("p"), Pod("a"));
        _store.Commit(Key("p"), Pod("a"));

        seen.ShouldBe(2);
    }

    [Fact]
    public void A_listener_that_commits_is_a_bug_and_is_told_so()
    {
        _store.Committed += _ => _store.Commit(Key("other"), Doc.Empty);

        Should.Throw<InvalidOperationException>(() => _store.Commit(Key("p"), Doc.Empty)).Message.ShouldContain("pods/default/other");
    }

    [Fact]
    public void Reliable_nothing_is_left_out_between_two_reads()
    {
        Put("a", 1);
        var read = _store.Log.After(0).Length;
        Put("b", 1);
        Put("a", 2);
        _store.Commit(Key("b"), null);

        read.ShouldBe(1);
        _store.Log.After(2).ToArray().Select(change => (change.Key.Name, change.Kind))
            .ShouldBe([("b", ChangeKind.Added), ("a", ChangeKind.Modified), ("b", ChangeKind.Deleted)]);
    }

    [Fact]
    public void Resumable_from_every_revision_that_is_not_compacted()
    {
        for (var i = 0; i < 10; i++)
        {
            Put("p", i);
        }

        _store.Compact(6);

        _store.CompactedRevision.ShouldBe(6);
        _store.Log.After(6).Length.ShouldBe(5);
        _store.LogOf("pods").After(8).Length.ShouldBe(3);
        _store.ListAt("pods", 7).Single().Object!.Int("n").ShouldBe(5);
    }

    [Fact]
    public void A_revision_is_stamped_on_its_object()
    {
        Put("p", 1).After.Object!.Text("metadata", "resourceVersion").ShouldBe("2");
        _store.Revision.ShouldBe(2);
    }

    [Fact]
    public void A_list_at_a_revision_is_the_list_as_it_was()
    {
        Put("a", 1);
        Put("b", 1);
        _store.Commit(Key("a"), null);
        Put("a", 2);

        Names(2).ShouldBe(["a"]);
        Names(3).ShouldBe(["a", "b"]);
        Names(4).ShouldBe(["b"]);
        Names(5).ShouldBe(["a", "b"]);

        IEnumerable<string> Names(long revision) => _store.ListAt("pods", revision).Select(version => version.Key.Name);
    }

    [Fact]
    public void Rewinding_undoes_the_newest_commits_and_tells_the_watchers()
    {
        _store.DeclareIndex("pods", "spec", "nodeName");
        _store.Commit(Key("p"), Pod("a"));
        _store.Commit(Key("q"), Pod("a"));
        _store.Commit(Key("p"), Pod("b"));
        _store.Commit(Key("q"), null);
        var told = 0;
        _store.Replaced += () => told++;

        _store.Rewind(3);

        told.ShouldBe(1);
        _store.Revision.ShouldBe(3);
        _store.ListIndexed("pods", "spec.nodeName", "a").Select(version => version.Key.Name).ShouldBe(["p", "q"]);
        _store.ListIndexed("pods", "spec.nodeName", "b").ShouldBeEmpty();
        _store.Log.After(0).Length.ShouldBe(2);
        Put("r", 1).Revision.ShouldBe(4);
    }

    [Fact]
    public void Restoring_goes_on_from_the_higher_revision_without_history()
    {
        Put("a", 1);
        var snapshot = _store.Snapshot();
        Put("b", 1);
        Put("a", 2);

        _store.Restore(snapshot);

        _store.List("pods").Single().Object!.Int("n").ShouldBe(1);
        _store.Revision.ShouldBe(5);
        _store.CompactedRevision.ShouldBe(5);
        Put("c", 1).Revision.ShouldBe(6);
    }

    [Fact]
    public void Compacting_a_long_history_needs_no_stack()
    {
        for (var i = 0; i < 200_000; i++)
        {
            Put("p", i);
        }

        _store.Compact(100);

        _store.ListAt("pods", 150).Single().Object!.Int("n").ShouldBe(148);
    }

    private static ObjectKey Key(string name) => new("pods", "default", name);

    private static DocObject Pod(string node) => Doc.Obj(("spec", Doc.Obj(("nodeName", node))));

    private StoreChange Put(string name, int n) => _store.Commit(Key(name), Doc.Obj(("n", n)));
}
