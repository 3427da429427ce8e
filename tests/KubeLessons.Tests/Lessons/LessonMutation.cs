using CsCheck;

namespace KubeLessons.Tests.Lessons;

/// <summary>
/// Generates lessons that somebody got wrong: pieces of the sample lesson and of the specification, cut, repeated, swapped, with characters and
/// words put in that mean something to Markdown, YAML, a condition or a duration.
/// </summary>
internal static class LessonMutation
{
    private const int LongestBlock = 6000;

    private static readonly string[] Tokens =
    [
        "```", "~~~", "```yaml {check=a}\n", "```bash {name=b}\n", "```\n", "{", "}", "[", "]", "[[[[[[[[", "{{{{{{{{", "---\n", "...", ": ", ":", "- ", "\n", "\n\n", "\t", "  ", "\r", "\r\n",
        "#", "|", ">", "|-\n", "&a ", "*a", "!!str ", "%YAML 1.2\n", "'", "\"", "\\", "\\u", "\"\\uD800\"", "\0", "\u0085", "\u2028", "\uFEFF", "\uD800", "한글", "🚀", "é",
        "$", "$$", "${", "${node}", "$node", "${nodeMonitorGracePeriod}", "+", "*", "1m", "-1", "99999999999999999999", "0x10", ".inf", "1e999", "~", "null", "true",
        "<details>", "</details>", "<summary>", "</summary>", "<details><summary>Hint 9: x</summary>\n\n", "<!--", "-->", "<", ">", "&amp;", "&#0;",
        "that:\n  - ", "eventually: ", "window: [", "settles: {", "until: ", "sequence: [", "within: ", "unless: ", "choices: {", "observe: ", "at: ", "not ", "not not ", "output matches /(((((((((a{1000}){1000}/",
        "jsonpath={", "jsonpath={.a[?(@.b==\"", "-l ", "-n ", "-A ", "on ", "count > ", "taint=a:b", "http x from y ", "fails ", "exit=", "=~", "!=", "on=", "after=", "name=", "kubernetes=\">", "harmless=", "points=",
        "> ", "> > > ", "1. ", "    ", "* * *", "===", "[a]: b", "![", "](", "`", "``", "object: {", "jmespath: ", "sh: ", "over: ",
    ];

    private static readonly string[] Seeds = [SampleLesson.English, SampleLesson.Korean, .. SpecPieces.All];

    private static readonly Gen<Func<string, string>> Change = Gen.OneOf(
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[1, 40]).Select((at, length) => (Func<string, string>)(text => Cut(text, at, length))),
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.OneOf(Tokens)).Select((at, token) => (Func<string, string>)(text => text.Insert(Place(text, at), token))),
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.OneOf(Tokens), Gen.Int[0, 12]).Select((at, token, length) => (Func<string, string>)(text => Cut(text, at, length).Insert(Place(Cut(text, at, length), at), token))),
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[1, 30]).Select((at, times) => (Func<string, string>)(text => Repeat(text, at, times))),
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue]).Select((one, other) => (Func<string, string>)(text => SwapLines(text, one, other))),
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Char).Select((at, letter) => (Func<string, string>)(text => text.Insert(Place(text, at), letter.ToString()))),
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue]).Select((at, other) => (Func<string, string>)(text => Splice(text, at, other))));

    /// <summary>Lessons with one to eight changes.</summary>
    public static Gen<string> Lessons { get; } =
        Gen.Select(Gen.OneOf(Seeds), Change.Array[1, 8]).Select((seed, changes) => changes.Aggregate(seed, (text, change) => change(text)));

    private static int Place(string text, int at) => at % (text.Length + 1);

    private static string Cut(string text, int at, int length)
    {
        var start = Place(text, at);
        return text.Remove(start, Math.Min(length, text.Length - start));
    }

    private static string Repeat(string text, int at, int times)
    {
        var start = Place(text, at);
        var piece = text.Substring(start, Math.Min(1 + (at % 7), text.Length - start));
        return text.Length > LongestBlock ? text : text.Insert(start, string.Concat(Enumerable.Repeat(piece, times)));
    }

    private static string SwapLines(string text, int one, int other)
    {
        var lines = text.Split('\n');
        var (i, j) = (one % lines.Length, other % lines.Length);
        (lines[i], lines[j]) = (lines[j], lines[i]);
        return string.Join('\n', lines);
    }

    private static string Splice(string text, int at, int other)
    {
        var donor = Seeds[other % Seeds.Length];
        return text.Length > LongestBlock ? text : text[..Place(text, at)] + donor[Place(donor, other)..];
    }
}
