using System.Text.RegularExpressions;
using KubeLessons.Texts;

namespace KubeLessons.Tests.Texts;

public sealed partial class WordingTests
{
    [Fact]
    public void Both_languages_have_the_same_keys() =>
        Wording.Korean.Keys.Order(StringComparer.Ordinal).ShouldBe(Wording.English.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Both_languages_use_the_same_arguments()
    {
        foreach (var key in Wording.English.Keys)
            Arguments(Wording.Korean.Find(key)!).ShouldBe(Arguments(Wording.English.Find(key)!), key);
    }

    [Fact]
    public void Arguments_are_filled_in_where_they_belong() =>
        Wording.English.Get("lint.points", 5, "six").ShouldBe("the lesson says 5 points; its checks give six");

    [Fact]
    public void A_message_within_a_message_is_in_the_same_language() =>
        Message.Of("lint.unknownKey", "chekc", Message.Of("lint.didYouMean", "check")).In(Wording.Korean).ShouldBe("알 수 없는 키 \"chekc\"; 혹시 \"check\" 아닌가요?");

    [Theory]
    [InlineData("ko", "ko")]
    [InlineData("ko_KR.UTF-8", "ko")]
    [InlineData("en_US.UTF-8", "en")]
    [InlineData("fr", "en")]
    [InlineData(null, "en")]
    public void A_locale_picks_the_language(string? locale, string language) => Wording.For(locale).Language.ShouldBe(language);

    private static IEnumerable<string> Arguments(string text) =>
        ArgumentPattern().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\{[0-9]\}")]
    private static partial Regex ArgumentPattern();
}
