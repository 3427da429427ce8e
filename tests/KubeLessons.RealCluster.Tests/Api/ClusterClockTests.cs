using KubeLessons.RealCluster.Api;

namespace KubeLessons.RealCluster.Tests.Api;

public class ClusterClockTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.4, 0.4)]
    [InlineData(5.25, 5.25)]
    [InlineData(-7.5, -7.5)]
    public void The_difference_is_bounded_by_the_answers_and_nothing_is_corrected_without_need(double ahead, double correction)
    {
        var clock = new ClusterClock(TimeProvider.System);
        var start = new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
        for (var i = 0; i < 20; i++)
        {
            var sent = start.AddMilliseconds(i * 137);
            var server = sent.AddMilliseconds(5).AddSeconds(ahead);
            var date = new DateTimeOffset(server.Ticks - (server.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
            clock.Learn(sent, sent.AddMilliseconds(10), date);
        }

        clock.Settle();

        clock.Skew.TotalSeconds.ShouldBe(correction, 0.1);
    }
}
