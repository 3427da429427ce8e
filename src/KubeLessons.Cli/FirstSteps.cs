using KubeLessons.Cli.Library;

namespace KubeLessons.Cli;

/// <summary>What the tool says when it is called without a command: where to begin.</summary>
internal static class FirstSteps
{
    public static Task<int> ShowAsync(Session session)
    {
        session.Out.WriteLine(session.Ink.Strong("KubeLessons"));
        session.Out.WriteLine(session.Say("cli.firstWords"));
        session.Out.WriteLine();
        var lessons = LessonShelf.All(session.Surroundings).Entries;
        session.Out.WriteLine(session.Say("cli.firstList", lessons.Length));
        session.Out.WriteLine($"  kubelessons run {lessons.FirstOrDefault()?.Id ?? "LESSON"}");
        session.Out.WriteLine("  kubelessons list");
        session.Out.WriteLine("  kubelessons --help");
        return Task.FromResult(ExitCodes.Passed);
    }
}
