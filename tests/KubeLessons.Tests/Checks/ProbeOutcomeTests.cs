using KubeLessons.Checks;
using KubeLessons.Clusters;
using KubeLessons.Lessons;

namespace KubeLessons.Tests.Checks;

public class ProbeOutcomeTests
{
    [Theory]
    [InlineData("Connection refused", ConnectFailure.Refused)]
    [InlineData("No route to host", ConnectFailure.NoRoute)]
    [InlineData("Network is unreachable", ConnectFailure.NoRoute)]
    public void What_curl_calls_exit_code_7_is_told_apart_by_the_kernels_words(string words, ConnectFailure expected)
    {
        var said = $"* connect to 192.168.1.101 port 22 failed: {words}\ncurl: (7) Failed to connect to w1-k8s port 22 after 0 ms: Couldn't connect to server\n";

        Outcome(7, "\n000", said).Failure.ShouldBe(expected);
    }

    [Fact]
    public void What_a_successful_try_said_about_its_way_is_no_part_of_the_answer()
    {
        var outcome = Outcome(0, "<title>Welcome to nginx!</title>\n200", "> GET / HTTP/1.1\n* Connection #0 to host web left intact\n");

        outcome.HttpStatus.ShouldBe(200);
        outcome.Output.ShouldNotContain("GET");
    }

    private static ProbeOutcome Outcome(int exitCode, string output, string error)
    {
        var now = DateTimeOffset.UnixEpoch;
        return ProbeOutcome.Read(ProbeOutcome.Write(new CommandResult(exitCode, output + error, output, error, now, now)));
    }
}
