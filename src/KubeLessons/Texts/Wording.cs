using System.Globalization;
using System.Text;

namespace KubeLessons.Texts;

/// <summary>
/// The texts of one language. They stand in this folder as one table for each area and language (<c>lint.en.txt</c>, <c>lint.ko.txt</c>): a line
/// <c>area.key = text</c> for each message, <c>{0}</c> for its arguments, <c>#</c> before a remark. Every language has the same keys with the
/// same arguments, which a test holds; a table is found by its name, so adding one needs no registration.
/// </summary>
public sealed class Wording
{
    private static readonly Lazy<Wording> LazyKorean = new(() => Load("ko"));
    private readonly Dictionary<string, string> _texts;

    private Wording(string language, Dictionary<string, string> texts) => (Language, _texts) = (language, texts);

    /// <summary>English.</summary>
    public static Wording English { get; } = Load("en");

    /// <summary>Korean.</summary>
    public static Wording Korean => LazyKorean.Value;

    /// <summary>The language's code: <c>en</c> or <c>ko</c>.</summary>
    public string Language { get; }

    /// <summary>All keys of the language.</summary>
    public IReadOnlyCollection<string> Keys => _texts.Keys;

    /// <summary>The wording for a language or locale (<c>ko</c>, <c>ko_KR.UTF-8</c>): Korean where it starts with ko, else English.</summary>
    public static Wording For(string? language) =>
        language is not null && language.StartsWith("ko", StringComparison.OrdinalIgnoreCase) ? Korean : English;

    /// <summary>The text of a key as it stands in the table, or null.</summary>
    public string? Find(string key) => _texts.GetValueOrDefault(key);

    /// <summary>The text of a key, filled in. A key that no table has is a bug.</summary>
    public string Get(string key, params ReadOnlySpan<object> arguments)
    {
        var text = Find(key) ?? throw new KeyNotFoundException($"No text is named {key} in {Language}.");
        return text.Contains('{') ? Fill(text, arguments) : text;
    }

    /// <summary>A message in this language.</summary>
    public string Say(Message message) => Get(message.Key, message.Arguments.AsSpan());

    private string Fill(string text, ReadOnlySpan<object> arguments)
    {
        var filled = new StringBuilder(text.Length + 32);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '{' && i + 2 < text.Length && text[i + 2] == '}' && char.IsAsciiDigit(text[i + 1]))
            {
                var index = text[i + 1] - '0';
                if (index < arguments.Length) filled.Append(Word(arguments[index]));
                i += 2;
            }
            else
            {
                filled.Append(text[i]);
            }
        }

        return filled.ToString();
    }

    private string Word(object argument) => argument switch
    {
        string text => text,
        Message message => Say(message),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => argument.ToString() ?? string.Empty,
    };

    private static Wording Load(string language)
    {
        var assembly = typeof(Wording).Assembly;
        var ending = $".{language}.txt";
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(ending, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var reader = new StreamReader(stream, Encoding.UTF8);
            while (reader.ReadLine() is { } line) Add(texts, name, line);
        }

        return new Wording(language, texts);
    }

    private static void Add(Dictionary<string, string> texts, string table, string line)
    {
        if (line.Length == 0 || line[0] == '#') return;
        var sign = line.IndexOf(" = ", StringComparison.Ordinal);
        if (sign < 0 || !texts.TryAdd(line[..sign].Trim(), line[(sign + 3)..].Trim().Replace("\\n", "\n", StringComparison.Ordinal)))
            throw new InvalidDataException($"{table}: not \"key = text\", or the key is there twice: {line}");
    }
}
