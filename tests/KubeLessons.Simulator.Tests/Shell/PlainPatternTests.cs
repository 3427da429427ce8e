using System.Text.RegularExpressions;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Tests.Shell;

/// <summary>Which patterns the engine with backtracking may run.</summary>
public sealed class PlainPatternTests
{
    [Theory]
    [InlineData("title")]
    [InlineData("^a.c$")]
    [InlineData("10\\.96\\.0\\.1/32")]
    [InlineData("KUBE-SVC-[A-Z0-9]*")]
    [InlineData("reader\\|server")]
    [InlineData("a*\\|b\\+")]
    public void A_pattern_that_repeats_at_its_end_at_most_is_plain(string pattern)
    {
        PosixRegex.Compile(pattern, extended: false)!.Options.HasFlag(RegexOptions.NonBacktracking).ShouldBeFalse();
    }

    [Theory]
    [InlineData("a*b")]
    [InlineData(".*$")]
    [InlineData("a?b?")]
    [InlineData("(a)")]
    [InlineData("(a*)*")]
    [InlineData("a{2}")]
    [InlineData("x|a*b")]
    public void Whatever_may_have_to_go_back_is_not(string pattern)
    {
        PosixRegex.Compile(pattern, extended: true)!.Options.HasFlag(RegexOptions.NonBacktracking).ShouldBeTrue();
    }
}
