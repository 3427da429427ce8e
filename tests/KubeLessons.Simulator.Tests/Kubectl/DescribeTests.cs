namespace KubeLessons.Simulator.Tests.Kubectl;

public sealed class DescribeTests
{
    private const string File = "describe.txt";

    public static TheoryData<string> Commands => Transcript.Commands(File);

    [Theory]
    [MemberData(nameof(Commands))]
    public void An_object_is_described_as_kubectl_describes_it(string command)
    {
        var expected = Transcript.Cases(File).First(each => each.Command == command);
        var desk = new KubectlDesk(KubectlDesk.RecordingDay);
        desk.Keep(Transcript.Read("objects.yaml"));
        desk.Run(command).ShouldMatch(expected);
    }
}
