using System.Globalization;
using KubeLessons.Grading;
using KubeLessons.Lessons;
using KubeLessons.Reports;
using KubeLessons.Running;

namespace KubeLessons.Cli.Running;

/// <summary>Prints a run as it goes: what is run and what it says, what is awaited, and each check as it is decided.</summary>
internal sealed class RunPrinter(Session session, bool showsProse)
{
    private readonly LessonView _view = new(session);
    private bool _atLineStart = true;
    private bool _isReal;
    private WaitingLine? _waiting;

    public void Print(RunEvent happened)
    {
        if (happened is not CheckAwaited)
        {
            _waiting?.Dispose();
            _waiting = null;
        }

        if (session.IsQuiet && happened is not LessonEnded)
        {
            return;
        }

        switch (happened)
        {
            case LessonStarted e:
                _isReal = e.Cluster.Kind == ClusterKind.Real;
                _view.ShowTitle(e.Lesson);
                break;
            case BlockReached { Block: ProseBlock or TranscriptBlock } e when showsProse:
                _view.ShowBlock(e.Block);
                break;
            case BlockReached { Block: ProseBlock { Heading: { } heading, HeadingLevel: > 1 } } when !showsProse:
                session.Out.WriteLine();
                session.Out.WriteLine(session.Ink.Strong(heading));
                break;
            case BlockReached { Block: FileBlock file }:
                session.Out.WriteLine(session.Ink.Faint(session.Say("cli.fileWritten", file.Path)));
                break;
            case ValuesNamed e:
                session.Out.WriteLine(session.Ink.Faint(string.Join("  ", e.Values.Select(value => $"{value.Key}={value.Value}"))));
                break;
            case BlockSkipped e:
                session.Out.WriteLine(session.Ink.Warn(session.Say("cli.skipped", e.Reason)));
                break;
            case CommandStarted e:
                PrintCommand(e);
                break;
            case OutputProduced e:
                PrintOutput(e.Chunk.Text);
                break;
            case CommandEnded e:
                EndLine();
                if (e.Result.ExitCode != 0)
                {
                    session.Out.WriteLine(session.Ink.Faint($"  exit {e.Result.ExitCode}"));
                }

                break;
            case CheckAwaited e when session.Surroundings.IsTerminal || _isReal:
                session.Out.WriteLine(session.Ink.Faint(session.Say(
                    "cli.awaited", e.Check.Id, GoDuration.Format(TimeSpan.FromSeconds(Math.Ceiling((e.Deadline - e.Now).TotalSeconds))))));
                _waiting = _isReal && session.Surroundings.IsTerminal ? new WaitingLine(session, e.Check, e.Deadline - e.Now) : null;
                break;
            case CheckEnded e:
                PrintCheck(e.Result);
                break;
            case PredictionEnded e:
                session.Out.WriteLine("  " + session.Ink.Warn(TextReport.Line(e.Result, session.Wording)));
                break;
            case LessonEnded e:
                session.Out.WriteLine();
                session.Out.WriteLine(session.Ink.Faint(TextReport.Heading(e.Report, session.Wording)));
                var summary = TextReport.Summary(e.Report, session.Wording);
                session.Out.WriteLine(e.Report.Outcome == LessonOutcome.Passed ? session.Ink.Good(summary) : session.Ink.Bad(summary));
                break;
        }
    }

    private void PrintCommand(CommandStarted e)
    {
        var time = e.At.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        var prompt = $"[root@{e.Command.Node} ~]# ";
        var lines = e.Command.Script.TrimEnd('\n').Split('\n');
        session.Out.WriteLine();
        session.Out.WriteLine($"{session.Ink.Faint(time)} {session.Ink.Accent(prompt)}{session.Ink.Strong(lines[0])}");
        foreach (var line in lines.Skip(1))
        {
            session.Out.WriteLine($"         {new string(' ', prompt.Length)}{session.Ink.Strong(line)}");
        }
    }

    private void PrintOutput(string text)
    {
        foreach (var part in text.Split('\n').Select((line, index) => (line, index)))
        {
            if (part.index > 0)
            {
                session.Out.WriteLine();
                _atLineStart = true;
            }

            if (part.line.Length > 0)
            {
                session.Out.Write(_atLineStart ? "  " + part.line : part.line);
                _atLineStart = false;
            }
        }
    }

    private void EndLine()
    {
        if (!_atLineStart)
        {
            session.Out.WriteLine();
            _atLineStart = true;
        }
    }

    private void PrintCheck(CheckResult result)
    {
        var line = TextReport.Line(result, session.Wording);
        session.Out.WriteLine("  " + (result.Outcome switch
        {
            CheckOutcome.Passed => session.Ink.Good(line),
            CheckOutcome.Skipped => session.Ink.Faint(line),
            _ => session.Ink.Bad(line),
        }));
        foreach (var reason in TextReport.Reason(result, session.Wording))
        {
            session.Out.WriteLine("      " + reason);
        }

        if (result is { Outcome: CheckOutcome.Passed, Check.Why: { } why })
        {
            foreach (var part in Terminal.TextWidth.Wrap(session.Say("cli.why", why), 90))
            {
                session.Out.WriteLine("      " + session.Ink.Faint(part));
            }
        }
    }
}
