using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Runtime;

namespace KubeLessons.Simulator.Tests.Kubelet;

public sealed class ContainerLogTests
{
    [Fact]
    public void A_containers_log_is_a_file_of_its_node_in_the_form_of_the_CRI()
    {
        var node = new KubeletFixture();
        node.CreatePod("talk", "busybox", "sh", "-c", "echo hello; echo oops >&2; sleep 1000");
        node.RunUntil(() => node.IsReady("talk"), 8);
        var uid = node.Pod("talk")!.Text("metadata", "uid");
        var container = node.Container("talk");
        var files = node.Host.Files;
        var path = $"/var/log/pods/default_talk_{uid}/talk/0.log";
        var lines = files.Read(path)!.Split('\n');
        lines[0].ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z stdout F hello$");
        lines[1].ShouldEndWith(" stderr F oops");
        files.Find(path)!.Size.ShouldBe(files.Read(path)!.Length);
        files.List("/var/log/containers").ShouldBe([$"talk_default_talk-{container.Id}.log"]);
        files.FindNoFollow($"/var/log/containers/talk_default_talk-{container.Id}.log")!.Content.ShouldBe(path);
        files.Read($"/var/log/containers/talk_default_talk-{container.Id}.log").ShouldBe(files.Read(path));

        node.DeletePod("talk", 1);
        node.Run(10);
        files.List("/var/log/pods").ShouldBeEmpty();
        files.List("/var/log/containers").ShouldBeEmpty();
    }

    [Fact]
    public void A_restarted_container_has_a_new_log_and_the_last_one_is_still_there()
    {
        var node = new KubeletFixture();
        node.CreatePod("crash", "busybox", "sh", "-c", "echo run; sleep 5; false");
        node.RunUntil(() => node.Pod("crash") is not null && node.Status("crash").Int("restartCount") == 2, 60);
        node.Run(1);
        var folder = $"/var/log/pods/default_crash_{node.Pod("crash")!.Text("metadata", "uid")}/crash";
        node.Host.Files.List(folder).ShouldBe(["1.log", "2.log"]);
        node.Host.Files.List("/var/log/containers").Length.ShouldBe(2);
        node.Stream("crash", "log", "{previous: true}").Output.ShouldBe("run\n");
    }

    [Fact]
    public void An_endless_logger_fills_five_files_and_no_more()
    {
        var node = new KubeletFixture();
        node.CreatePod("loud", "busybox", "sleep", "100000");
        node.RunUntil(() => node.IsReady("loud"), 8);
        var container = node.Container("loud");
        var line = new string('x', 4000) + "\n";
        for (var round = 0; round < 8; round++)
        {
            for (var i = 0; i < 2700; i++)
            {
                container.Process!.Output.Write(line);
            }

            node.Run(11);
        }

        var folder = FileSystem.Parent(container.LogPath);
        var names = node.Host.Files.List(folder);
        names.Length.ShouldBe(5);
        names[0].ShouldBe("0.log");
        names.Count(name => name.EndsWith(".gz", StringComparison.Ordinal)).ShouldBe(3);
        names[4].ShouldMatch(@"^0\.log\.\d{8}-\d{6}$");
        node.Host.Files.Find($"{folder}/{names[4]}")!.Size.ShouldBeGreaterThan(10 * 1024 * 1024);
        node.Host.Files.Find($"{folder}/{names[1]}")!.Size.ShouldBeInRange(100, 1024 * 1024);
        container.Log.Lines.Length.ShouldBe(0);
    }

    [Fact]
    public void A_log_that_is_emptied_on_the_node_goes_on_and_one_that_is_removed_cannot_be_read()
    {
        var node = new KubeletFixture();
        node.CreatePod("talk", "busybox", "sh", "-c", "echo one; sleep 20; echo two; sleep 1000");
        node.RunUntil(() => node.IsReady("talk"), 8);
        var path = node.Container("talk").LogPath;
        node.Host.Files.Write(path, "");
        node.Stream("talk", "log").Output.ShouldBe("");
        node.Run(20);
        node.Stream("talk", "log").Output.ShouldBe("two\n");
        node.Host.Files.Read(path)!.ShouldEndWith("stdout F two\n");
        node.Host.Files.Remove(path);
        node.TryOpen("talk", "log").Failure!.Response!.Message.ShouldBe(
            $"failed to try resolving symlinks in path \"{path}\": lstat {path}: no such file or directory");
    }
}
