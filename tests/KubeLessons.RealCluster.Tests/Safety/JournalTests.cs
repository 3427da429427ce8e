using System.Text.Json.Nodes;
using KubeLessons.RealCluster.Safety;

namespace KubeLessons.RealCluster.Tests.Safety;

public sealed class JournalTests : IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("kubelessons-state-").FullName;

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public void A_journal_whose_run_lives_is_no_orphan()
    {
        using var journal = Journal.Begin(_state, "run-1");
        journal.Write("command", new JsonObject { ["script"] = "systemctl stop kubelet" });

        Journal.Orphans(_state).ShouldBeEmpty();
        Journal.AnyIn(_state).ShouldBeTrue();
    }

    [Fact]
    public void A_journal_whose_run_is_gone_tells_all_that_was_written()
    {
        using (var journal = Journal.Begin(_state, "run-1"))
        {
            journal.Write("command", new JsonObject { ["script"] = "one" });
            journal.Write("command", new JsonObject { ["script"] = "two" });
        }

        using var orphan = Journal.Orphans(_state).Single();
        orphan.RunId.ShouldBe("run-1");
        orphan.Of("command").Select(entry => (string?)entry["script"]).ShouldBe(["one", "two"]);
    }

    [Fact]
    public void A_line_that_was_cut_off_is_left_out_because_what_it_announced_was_not_begun()
    {
        using (var journal = Journal.Begin(_state, "run-1"))
        {
            journal.Write("command", new JsonObject { ["script"] = "one" });
        }

        File.AppendAllText(Path.Combine(_state, "journals", "run-1.jsonl"), """{"kind":"comm""");

        using var orphan = Journal.Orphans(_state).Single();
        orphan.Entries.Count.ShouldBe(1);
    }

    [Fact]
    public void A_closed_journal_leaves_nothing()
    {
        Journal.Begin(_state, "run-1").Close();

        Journal.AnyIn(_state).ShouldBeFalse();
    }
}
