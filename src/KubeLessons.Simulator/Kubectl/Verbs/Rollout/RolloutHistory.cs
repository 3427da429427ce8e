using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Describing;
using KubeLessons.Simulator.Kubectl.Printing;

namespace KubeLessons.Simulator.Kubectl.Verbs.Rollout;

/// <summary><c>kubectl rollout history</c>: the revisions and their causes, or one revision's template.</summary>
internal static class RolloutHistory
{
    public static IEnumerable<Wait> Run(Invocation call)
    {
        if (call.Flags.Int("revision") < 0)
        {
            call.Fail("revision must be a positive integer: " + call.Flags.Text("revision"));
            yield break;
        }

        var objects = new List<FoundObject>();
        yield return Wait.Call(RolloutVerb.Fetch(call, objects));
        foreach (var found in objects)
        {
            if (call.HasFailed)
            {
                yield break;
            }

            if (found.Resource.Kind is not ("Deployment" or "DaemonSet" or "StatefulSet"))
            {
                call.Fail($"no history viewer has been implemented for \"{found.Resource.Kind}\"");
                yield break;
            }

            var revisions = new Revisions(call, found);
            yield return Wait.Call(revisions.Fetch());
            Print(call, found, revisions.Found);
        }
    }

    private static void Print(Invocation call, FoundObject found, List<Revision> revisions)
    {
        var wanted = call.Flags.Int("revision");
        if (call.Flags.Text("output").Length > 0)
        {
            PrintKeepers(call, revisions, wanted);
            return;
        }

        if (wanted > 0)
        {
            if (revisions.FirstOrDefault(revision => revision.Number == wanted) is not { } revision)
            {
                call.Fail("unable to find the specified revision");
                return;
            }

            call.OutLine($"{found.QualifiedName} with revision #{wanted}");
            call.OutLine(TemplateText(call, revision));
            return;
        }

        call.OutLine(found.QualifiedName + " ");
        if (revisions.Count == 0)
        {
            call.OutLine("No rollout history found.");
            return;
        }

        var table = new TabWriter(0, 2);
        table.WriteLine("REVISION\tCHANGE-CAUSE");
        foreach (var revision in revisions)
        {
            table.WriteLine($"{revision.Number}\t{revision.ChangeCause}");
        }

        call.OutLine(table.Flush());
    }

    /// <summary>A template in words, with tabs as they are: kubectl does not align it here.</summary>
    public static string TemplateText(Invocation call, Revision revision)
    {
        var writer = new DescribeWriter(call.World.UtcNow);
        var template = revision.Template;
        if (revision.Keeper.At("metadata", "annotations")?.Text("kubernetes.io/change-cause") is { } cause)
        {
            template = template.With(cause, "metadata", "annotations", "kubernetes.io/change-cause");
        }

        PodParts.DescribeTemplate(writer, template);
        return writer.Raw;
    }

    private static void PrintKeepers(Invocation call, List<Revision> revisions, long wanted)
    {
        if (ResultPrinter.For(call, DryRun.None) is not { } printer)
        {
            return;
        }

        foreach (var revision in revisions.Where(revision => wanted == 0 || revision.Number == wanted))
        {
            printer.Print(revision.Keeper, "");
        }
    }
}
