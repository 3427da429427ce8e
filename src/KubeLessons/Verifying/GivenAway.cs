using KubeLessons.Grading;
using KubeLessons.Lessons;

namespace KubeLessons.Verifying;

/// <summary>Finds the place above a prediction where its answer already stands.</summary>
internal static class GivenAway
{
    /// <summary>The prose or transcript that holds the literal answer as a word of its own; null when none does.</summary>
    public static SourcePosition? Where(Lesson lesson, PredictionResult prediction)
    {
        var right = prediction.Question.Choices.First(choice => choice.Key == prediction.Observed);
        string[] answers = right.Value is { } value ? [value, right.Text] : [right.Text];
        foreach (var block in lesson.Blocks.TakeWhile(block => block != prediction.Question))
        {
            var text = block switch
            {
                ProseBlock prose => prose.Markdown,
                TranscriptBlock transcript => string.Concat(transcript.Entries.Select(entry => entry.Output)),
                _ => "",
            };
            if (answers.Any(answer => answer.Length > 1 && HoldsWord(text, answer)))
            {
                return block.Position;
            }
        }

        return null;
    }

    private static bool HoldsWord(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + word.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
            {
                return true;
            }
        }

        return false;
    }
}
