using System.Globalization;
using KubeLessons.Lessons;
using KubeLessons.Running;

namespace KubeLessons.Cli.Running;

/// <summary>A person at a terminal: Enter runs the step, any other text is run and the step waits, and single letters go on or ask for help.</summary>
internal sealed class TerminalLearner(Session session, Lesson lesson, CancellationTokenSource quit) : ILearner
{
    private readonly Dictionary<string, int> _hintsShown = new(StringComparer.Ordinal);

    public ValueTask<LearnerAction> ActAsync(Invitation invitation, CancellationToken cancellation)
    {
        var isTodo = invitation.Block is TodoBlock;
        if (invitation.Block is TodoBlock todo)
        {
            session.Out.WriteLine(session.Ink.Warn(session.Say("cli.todo", todo.Goal)));
        }

        while (true)
        {
            session.Out.WriteLine();
            if (!isTodo)
            {
                foreach (var line in invitation.Commands.TrimEnd('\n').Split('\n'))
                {
                    session.Out.WriteLine("    " + session.Ink.Strong(line));
                }
            }

            session.Out.WriteLine(session.Ink.Faint(session.Say(isTodo ? "cli.keysTodo" : "cli.keysStep")));
            session.Out.Write(session.Ink.Accent($"[root@{invitation.Node} ~]# "));
            session.Out.Flush();
            if (session.Surroundings.In.ReadLine() is not { } typed)
            {
                typed = "q";
            }

            cancellation.ThrowIfCancellationRequested();
            switch (typed.Trim())
            {
                case "" when isTodo:
                    return new(LearnerAction.Nothing);
                case "":
                    return new(LearnerAction.Run(invitation.Node, invitation.Commands));
                case "n":
                    return new(LearnerAction.Nothing);
                case "h":
                    ShowHint(invitation.Name);
                    continue;
                case "s":
                    ShowSolution(invitation);
                    continue;
                case "q":
                    quit.Cancel();
                    cancellation.ThrowIfCancellationRequested();
                    return new(LearnerAction.Nothing);
                default:
                    // Looking around, or doing it in one's own way: the step waits for Enter or n.
                    return new(LearnerAction.Run(invitation.Node, typed) with { IsDone = false });
            }
        }
    }

    public ValueTask<string?> PredictAsync(PredictBlock question, CancellationToken cancellation)
    {
        new LessonView(session).ShowQuestion(question);
        while (true)
        {
            session.Out.Write(session.Ink.Accent(session.Say("cli.predictPrompt", question.Choices.Length)));
            session.Out.Flush();
            var typed = session.Surroundings.In.ReadLine()?.Trim();
            cancellation.ThrowIfCancellationRequested();
            if (string.IsNullOrEmpty(typed))
            {
                return new((string?)null);
            }

            if (int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= 1 && number <= question.Choices.Length)
            {
                return new(question.Choices[number - 1].Key);
            }

            session.Out.WriteLine(session.Say("cli.predictAgain", question.Choices.Length));
        }
    }

    private void ShowHint(string step)
    {
        var hints = lesson.Blocks.OfType<HintBlock>().Where(hint => hint.Step == step).OrderBy(hint => hint.Tier).ToList();
        var shown = _hintsShown.GetValueOrDefault(step);
        if (shown >= hints.Count)
        {
            session.Out.WriteLine(session.Say(hints.Count == 0 ? "cli.noHint" : "cli.noMoreHints"));
            return;
        }

        _hintsShown[step] = shown + 1;
        session.Out.WriteLine(session.Ink.Warn(session.Say("cli.hint", shown + 1, hints.Count, hints[shown].Summary)));
        new Terminal.MarkdownPrinter(session.Out, session.Ink, 92).Print(hints[shown].Markdown);
    }

    private void ShowSolution(Invitation invitation)
    {
        foreach (var line in invitation.Commands.TrimEnd('\n').Split('\n'))
        {
            session.Out.WriteLine("    " + session.Ink.Strong(line));
        }
    }
}
