using System.CommandLine;
using KubeLessons.Cli.Library;
using KubeLessons.Cli.Running;
using KubeLessons.Texts;

namespace KubeLessons.Cli.Commands;

/// <summary><c>show LESSON</c>: a lesson to read, without running it.</summary>
internal static class ShowCommand
{
    public static Command Create(Wording wording, Surroundings surroundings)
    {
        var lesson = new Argument<string>("lesson") { Description = wording.Get("cli.lessonArgument") };
        var command = new Command("show", wording.Get("cli.show")) { lesson };
        command.SetAction((parsed, _) => CommandLine.Guard(Session.Of(parsed, surroundings), session =>
        {
            var found = LessonShelf.Open(session, parsed.GetValue(lesson)!);
            var view = new LessonView(session);
            view.ShowTitle(found);
            foreach (var block in found.Blocks)
            {
                view.ShowBlock(block);
            }

            return Task.FromResult(ExitCodes.Passed);
        }));
        return command;
    }
}
