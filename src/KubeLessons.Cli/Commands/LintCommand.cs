using System.CommandLine;
using KubeLessons.Cli.Library;
using KubeLessons.Lessons;
using KubeLessons.Lessons.Linting;
using KubeLessons.Texts;

namespace KubeLessons.Cli.Commands;

/// <summary><c>lint [PATH…]</c>: every fault of the lessons at once, as <c>file:line:column: what; what would be right</c>.</summary>
internal static class LintCommand
{
    public static Command Create(Wording wording, Surroundings surroundings)
    {
        var paths = new Argument<string[]>("path") { Description = wording.Get("cli.lintPath"), Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("lint", wording.Get("cli.lint")) { paths };
        command.SetAction((parsed, _) => CommandLine.Guard(
            Session.Of(parsed, surroundings), session => Task.FromResult(Lint(session, parsed.GetValue(paths) ?? []))));
        return command;
    }

    private static int Lint(Session session, string[] references)
    {
        var faults = 0;
        var lessons = 0;
        foreach (var (library, entry) in Chosen(session, references))
        {
            lessons++;
            foreach (var diagnostic in Linter.Lint(library, entry))
            {
                faults++;
                var shown = diagnostic with { Position = diagnostic.Position with { File = Shown(session, diagnostic.Position.File) } };
                session.Out.WriteLine(shown.In(session.Wording));
            }
        }

        if (!session.IsQuiet)
        {
            session.Error.WriteLine(faults == 0
                ? session.Say("cli.lintClean", lessons)
                : session.Say("cli.lintFaults", faults, lessons));
        }

        return faults == 0 ? ExitCodes.Passed : ExitCodes.Usage;
    }

    internal static IEnumerable<(LessonLibrary Library, LessonEntry Entry)> Chosen(Session session, IReadOnlyCollection<string> references)
    {
        if (references.Count == 0)
        {
            var all = LessonShelf.All(session.Surroundings);
            return all.Entries.Select(entry => (all, entry));
        }

        return references.SelectMany(reference =>
        {
            var path = Path.GetFullPath(reference, session.Surroundings.WorkingDirectory);
            if (Directory.Exists(path) && !File.Exists(Path.Combine(path, "lesson.md")))
            {
                var under = LessonShelf.At(session.Surroundings, [path]);
                return under.Entries.Length > 0
                    ? under.Entries.Select(entry => (under, entry))
                    : throw new UserError(Message.Of("cli.noLessonsUnder", reference));
            }

            var (library, entry, _) = LessonShelf.Find(session, reference);
            return [(library, entry)];
        });
    }

    /// <summary>A path as short as it can be said from where the user is.</summary>
    internal static string Shown(Session session, string path)
    {
        var relative = Path.GetRelativePath(session.Surroundings.WorkingDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
