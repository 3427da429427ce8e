using System.Collections.Immutable;

namespace KubeLessons.Texts;

/// <summary>Words for a person, named by key and filled in later in the language of the reader.</summary>
/// <param name="Key">The key in the tables of this folder, e.g. <c>lint.unknownKey</c>; its first word names the table.</param>
/// <param name="Arguments">What replaces <c>{0}</c>, <c>{1}</c>…: strings, numbers or further messages.</param>
public sealed record Message(string Key, ImmutableArray<object> Arguments)
{
    /// <summary>A message with its arguments.</summary>
    public static Message Of(string key, params ReadOnlySpan<object> arguments) => new(key, [.. arguments]);

    /// <summary>The message in a language.</summary>
    public string In(Wording wording) => wording.Say(this);

    /// <summary>The message in English, for logs and the debugger.</summary>
    public override string ToString() => In(Wording.English);
}
