using KubeLessons.Lessons;
using KubeLessons.Lessons.Parsing;

namespace KubeLessons.Tests.Lessons;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("1m30s", 90)]
    [InlineData("1.5h", 5400)]
    [InlineData("10ms", 0.01)]
    [InlineData("1h0m1s", 3601)]
    [InlineData("0", 0)]
    [InlineData("1m+30s", 90)]
    [InlineData("1m - 30s", 30)]
    [InlineData("10s-1m", 0)]
    [InlineData("${nodeMonitorGracePeriod}", 50)]
    [InlineData("${nodeMonitorGracePeriod}+15s", 65)]
    [InlineData("2*${syncFrequency}+5s", 125)]
    [InlineData("2 * 10s", 20)]
    public void A_duration_is_a_sum_of_Go_durations_and_constants(string text, double seconds)
    {
        Read(text).ShouldNotBeNull().TryResolve(DurationSymbols.Upstream(new KubernetesVersion(1, 33)), out var span, out _).ShouldBeTrue();
        span.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("90")]
    [InlineData("1 m")]
    [InlineData("1x")]
    [InlineData("-5s")]
    [InlineData("5s+")]
    [InlineData("${}")]
    [InlineData("${no such}")]
    [InlineData("${nothing}")]
    [InlineData("0*5s")]
    [InlineData("1e3s")]
    [InlineData("9999999h")]
    public void Anything_else_is_none(string text) => Read(text).ShouldBeNull();

    [Fact]
    public void A_constant_that_the_cluster_does_not_name_is_told()
    {
        Read("1s+${syncFrequency}")!.TryResolve(new Dictionary<string, TimeSpan>(), out _, out var unknown).ShouldBeFalse();
        unknown.ShouldBe("syncFrequency");
    }

    [Fact]
    public void The_grace_period_of_nodes_is_longer_since_1_32()
    {
        DurationSymbols.Upstream(new KubernetesVersion(1, 31))["nodeMonitorGracePeriod"].ShouldBe(TimeSpan.FromSeconds(40));
        DurationSymbols.Upstream(new KubernetesVersion(1, 32))["nodeMonitorGracePeriod"].ShouldBe(TimeSpan.FromSeconds(50));
    }

    [Theory]
    [InlineData(90, "1m30s")]
    [InlineData(300, "5m")]
    [InlineData(3661, "1h1m1s")]
    [InlineData(0, "0s")]
    [InlineData(0.25, "250ms")]
    [InlineData(1.5, "1.5s")]
    [InlineData(-5, "-5s")]
    public void A_span_is_written_as_Go_writes_it(double seconds, string text) => GoDuration.Format(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    private static Duration? Read(string text) =>
        DurationReader.Read(new YamlScalar(new SourcePosition("x", 1, 1), text, IsPlain: true, Shift: 0), new DiagnosticBag());
}
