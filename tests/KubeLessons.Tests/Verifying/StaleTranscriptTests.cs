using KubeLessons.Verifying;

namespace KubeLessons.Tests.Verifying;

public class StaleTranscriptTests
{
    [Theory]
    [InlineData("w1-k8s   Ready    <none>   5d3h   v1.33.1\n", "w1-k8s  Ready  <none>  42s  v1.33.1\n")]
    [InlineData("web-6d5b8f9c4f-x2x7k   1/1   Running\n", "web-7c9d4bf6b8-9zqwl   1/1   Running\n")]
    [InlineData("kube-proxy-4pqzx   10.0.0.7\n", "kube-proxy-ndv9s   192.168.1.101\n")]
    [InlineData("at 2026-01-05T12:00:00Z\n\n", "at 2026-02-06T13:30:01.123456Z\n")]
    public void Ages_times_addresses_and_hashes_may_differ(string shown, string printed) =>
        StaleTranscript.IsSame(shown, printed).ShouldBeTrue();

    [Theory]
    [InlineData("w1-k8s   Ready\n", "w1-k8s   NotReady\n")]
    [InlineData("a\nb\n", "a\n")]
    [InlineData("coredns   2/2\n", "coredns   1/2\n")]
    [InlineData("version v1.33.1\n", "version v1.20.2\n")]
    public void What_a_reader_would_notice_may_not(string shown, string printed) =>
        StaleTranscript.IsSame(shown, printed).ShouldBeFalse();
}
