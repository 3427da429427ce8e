using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using KubeLessons.Cli.Library;
using KubeLessons.Cli.Terminal;
using KubeLessons.Texts;

namespace KubeLessons.Cli.Commands;

/// <summary><c>list</c>: the lessons with their minutes.</summary>
internal static class ListCommand
{
    public static Command Create(Wording wording, Surroundings surroundings)
    {
        var json = new Option<bool>("--json") { Description = wording.Get("cli.option.json") };
        var command = new Command("list", wording.Get("cli.list")) { json };
        command.SetAction((parsed, _) => CommandLine.Guard(
            Session.Of(parsed, surroundings), session => Task.FromResult(List(session, parsed.GetValue(json)))));
        return command;
    }

    private static int List(Session session, bool asJson)
    {
        var library = LessonShelf.All(session.Surroundings);
        var lessons = library.Entries.Select(entry => (entry.Id, library.Open(entry, session.Wording.Language).Lesson)).ToList();
        if (asJson)
        {
            WriteJson(session, lessons);
            return ExitCodes.Passed;
        }

        var widest = lessons.Max(lesson => lesson.Id.Length);
        foreach (var (id, lesson) in lessons)
        {
            var title = lesson?.Title ?? session.Say("cli.listBroken");
            var minutes = lesson is null ? "" : session.Say("cli.minutes", lesson.Header.Minutes);
            session.Out.WriteLine($"{session.Ink.Accent(id.PadRight(widest))}  {TextWidth.Pad(title, 48)}  {session.Ink.Faint(minutes)}");
        }

        return ExitCodes.Passed;
    }

    private static void WriteJson(Session session, List<(string Id, KubeLessons.Lessons.Lesson? Lesson)> lessons)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (var (id, lesson) in lessons)
            {
                json.WriteStartObject();
                json.WriteString("id", id);
                json.WriteString("title", lesson?.Title);
                json.WriteString("lang", lesson?.Header.Language);
                json.WriteString("description", lesson?.Header.Description);
                if (lesson is not null)
                {
                    json.WriteNumber("minutes", lesson.Header.Minutes);
                    json.WriteString("difficulty", lesson.Header.Difficulty.ToString().ToLowerInvariant());
                    json.WriteNumber("points", lesson.Points);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        session.Out.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }
}
