using CsCheck;
using KubeLessons.Simulator.Controllers.ReplicaSets;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Tests.Controllers;

public sealed class ReplicaTallyTests
{
    private static readonly Doc _set = Doc.Obj(("spec", Doc.Obj(
        ("selector", Doc.Obj(("matchLabels", Doc.Obj(("app", "web"))))),
        ("template", Doc.Obj(("metadata", Doc.Obj(("labels", Doc.Obj(("app", "web"), ("tier", "front"))))))))));

    [Fact]
    public void Numbers_that_are_kept_by_changes_are_those_that_a_count_gives() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[-1, 47]).Array[1, 60].Sample(changes =>
        {
            var pods = new Dictionary<int, Doc>();
            var tally = new ReplicaTally(_set, []);
            foreach (var (name, state) in changes)
            {
                if (pods.Remove(name, out var before))
                {
                    tally.Count(before, -1);
                }

                if (state >= 0)
                {
                    tally.Count(pods[name] = Pod(state), 1);
                }

                var counted = new ReplicaTally(_set, pods.Values);
                (tally.Active, tally.Strangers, tally.Labelled, tally.Ready)
                    .ShouldBe((counted.Active, counted.Strangers, counted.Labelled, counted.Ready));
            }
        });

    [Fact]
    public void Only_active_pods_that_match_the_selector_count()
    {
        var tally = new ReplicaTally(_set, Enumerable.Range(0, 48).Select(Pod));

        // Of 48 states 16 are active, and half of these match; of what matches half is ready, and half has all labels.
        (tally.Active, tally.Strangers, tally.Labelled, tally.Ready).ShouldBe((8, 8, 4, 4));
    }

    // Six phases of life (two of them active), each with and without each of three properties.
    private static Doc Pod(int state)
    {
        var (matches, isWhole, isReady, life) = (state % 2 == 0, state / 2 % 2 == 0, state / 4 % 2 == 0, state / 8);
        return Doc.Obj(
            ("metadata", Doc.Obj(
                ("labels", Doc.Obj(("app", matches ? "web" : "other"), ("tier", isWhole ? "front" : "back"))),
                ("deletionTimestamp", life is 4 or 5 ? (Doc)"2026-01-05T00:00:00Z" : null))),
            ("status", Doc.Obj(
                ("phase", life switch { 0 or 4 => "Running", 1 or 5 => "Pending", 2 => "Failed", _ => "Succeeded" }),
                ("conditions", Doc.Arr(Doc.Obj(("type", "Ready"), ("status", isReady ? "True" : "False")))))));
    }
}
