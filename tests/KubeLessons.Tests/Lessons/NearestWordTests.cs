using KubeLessons.Lessons.Parsing;

namespace KubeLessons.Tests.Lessons;

public sealed class NearestWordTests
{
    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("name", "name", 0)]
    [InlineData("Name", "name", 0)]
    [InlineData("nmae", "name", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ca", "abc", 3)]
    public void Distance_counts_insertions_deletions_replacements_and_swaps(string left, string right, int distance)
    {
        NearestWord.Distance(left, right).ShouldBe(distance);
        NearestWord.Distance(right, left).ShouldBe(distance);
    }

    [Theory]
    [InlineData("eventualy", "eventually")]
    [InlineData("evnetually", "eventually")]
    [InlineData("unitl", "until")]
    [InlineData("x", null)]
    [InlineData("completely", null)]
    public void The_nearest_word_is_found_when_one_is_near(string word, string? nearest) =>
        NearestWord.Among(word, ["now", "eventually", "consistently", "until", "unless", "sequence"]).ShouldBe(nearest);
}
