namespace KubeLessons.Lessons.Parsing;

/// <summary>What must be true of a lesson as a whole.</summary>
internal sealed class LessonRules(Lesson lesson, HeaderReader header, DiagnosticBag diagnostics)
{
    /// <summary>Reports what is not.</summary>
    public void Check()
    {
        CheckTodos();
        CheckPoints();
    }

    private void CheckTodos()
    {
        var checkedTodos = lesson.Checks.Select(block => block.Check.After).Where(after => after.Kind == AnchorKind.Todo).Select(after => after.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var todo in lesson.Blocks.OfType<TodoBlock>())
        {
            if (lesson.SolutionOf(todo) is null) diagnostics.Report(todo.Position, "lint.todoUnsolved", todo.Id);
            if (!checkedTodos.Contains(todo.Id)) diagnostics.Report(todo.Position, "lint.todoUnchecked", todo.Id);
        }
    }

    // Blocks may be for some versions or clusters only, so the sum is taken for each.
    private void CheckPoints()
    {
        if (header.ExpectedPoints is null && header.PassPosition is null) return;
        var totals = new List<int>();
        foreach (var cluster in new[] { ClusterKind.Simulated, ClusterKind.Real })
            for (var minor = 20; minor <= 37; minor++)
                if (lesson.Header.Kubernetes.Contains(new KubernetesVersion(1, minor)))
                    AddOnce(totals, lesson.For(cluster, new KubernetesVersion(1, minor)).Points);
        if (totals.Count == 0) totals.Add(lesson.Points);
        foreach (var total in totals)
        {
            if (header.ExpectedPoints is { } expected && expected.Points != total) diagnostics.Report(expected.Position, "lint.points", expected.Points, total);
            if (header.PassPosition is { } pass && lesson.Header.Pass.Of(total) > total) diagnostics.Report(pass, "lint.passTooMuch", lesson.Header.Pass.Amount, total);
        }
    }

    private static void AddOnce(List<int> totals, int total)
    {
        if (!totals.Contains(total)) totals.Add(total);
    }
}
