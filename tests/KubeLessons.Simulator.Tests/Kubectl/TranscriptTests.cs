namespace KubeLessons.Simulator.Tests.Kubectl;

/// <summary>Recorded sessions are repeated line by line: what one command changes, the next ones see.</summary>
public sealed class TranscriptTests
{
    private const string Kubeconfig = """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "https://192.168.1.10:6443"}}]
        contexts: [{name: c, context: {cluster: c, user: u}}]
        current-context: c
        users: [{name: u, user: {}}]
        """;

    [Theory]
    [InlineData("write.txt")]
    [InlineData("read.txt")]
    public void A_recorded_session_is_repeated_word_for_word(string file)
    {
        var desk = new KubectlDesk(KubectlDesk.RecordingDay);
        desk.Host.Files.Write("/root/.kube/config", Kubeconfig);
        desk.Keep(Transcript.Read("objects.yaml"), withDefaults: true);
        var differences = Transcript.Cases(file).Select(each => (each.Command, Difference: Transcript.Difference(desk.Run(each.Command), each))).Where(each => each.Difference.Length > 0).ToList();
        string.Join("\n", differences.Select(each => $"$ kubectl {each.Command}\n{each.Difference}")).ShouldBe("");
    }
}
