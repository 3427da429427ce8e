using KubeLessons.Cli.Terminal;
using KubeLessons.Lessons;

namespace KubeLessons.Cli.Running;

/// <summary>Shows a lesson's blocks on a terminal, as they stand in the file.</summary>
internal sealed class LessonView(Session session)
{
    private const int Columns = 96;
    private readonly MarkdownPrinter _prose = new(session.Out, session.Ink, Columns);

    public void ShowTitle(Lesson lesson)
    {
        session.Out.WriteLine(session.Ink.Strong(lesson.Title));
        if (lesson.Header.Description.Length > 0)
        {
            session.Out.WriteLine(session.Ink.Faint(lesson.Header.Description));
        }

        session.Out.WriteLine();
    }

    public void ShowBlock(Block block)
    {
        switch (block)
        {
            case ProseBlock prose:
                _prose.Print(prose.Markdown);
                break;
            case StepBlock step:
                ShowCommands(step.Name, step.Commands);
                break;
            case TodoBlock todo:
                session.Out.WriteLine(session.Ink.Warn(session.Say("cli.todo", todo.Goal)));
                session.Out.WriteLine();
                break;
            case FileBlock file:
                session.Out.WriteLine(session.Ink.Accent(file.Path));
                ShowLines(file.Content);
                break;
            case PredictBlock predict:
                ShowQuestion(predict);
                break;
            case TranscriptBlock transcript:
                foreach (var entry in transcript.Entries)
                {
                    session.Out.WriteLine("    $ " + entry.Command);
                    ShowLines(entry.Output);
                }

                break;
        }
    }

    public void ShowQuestion(PredictBlock predict)
    {
        session.Out.WriteLine(session.Ink.Warn(session.Say("cli.predict", predict.Ask)));
        for (var i = 0; i < predict.Choices.Length; i++)
        {
            session.Out.WriteLine($"    {i + 1}. {predict.Choices[i].Text}");
        }

        session.Out.WriteLine();
    }

    private void ShowCommands(string name, string commands)
    {
        session.Out.WriteLine(session.Ink.Faint($"# {name}"));
        foreach (var line in commands.TrimEnd('\n').Split('\n'))
        {
            session.Out.WriteLine("    " + session.Ink.Strong(line));
        }

        session.Out.WriteLine();
    }

    private void ShowLines(string text)
    {
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            session.Out.WriteLine("    " + session.Ink.Faint(line));
        }

        session.Out.WriteLine();
    }
}
