using System.Text;
using KubeLessons.RealCluster.Safety;

namespace KubeLessons.RealCluster.Tests.Safety;

public class KeptFilesTests
{
    [Fact]
    public void The_paths_that_a_command_names_are_found() =>
        KeptFiles.PathsIn("mv /etc/kubernetes/manifests/kube-scheduler.yaml /tmp/; echo x > /root/notes.txt; cat ./etc/hosts; curl http://a/etc/b").ShouldBe(
            ["/etc/kubernetes/manifests/kube-scheduler.yaml", "/root/notes.txt"]);

    [Fact]
    public void A_file_that_was_changed_or_moved_away_is_written_again_with_its_mode_and_owner() =>
        KeptFiles.Repair([File("/etc/a", "old")], [], "mv /etc/a /tmp/a").ShouldHaveSingleItem().ShouldBe(
            $"mkdir -p \"$(dirname '/etc/a')\" && t=$(mktemp) && printf %s '{Base64("old")}' | base64 -d > \"$t\" && chmod 644 \"$t\" && chown 0:0 \"$t\" && mv -f \"$t\" '/etc/a'");

    [Fact]
    public void A_file_that_is_as_it_was_is_left_alone() => KeptFiles.Repair([File("/etc/a", "old")], [File("/etc/a", "old")], "cat /etc/a").ShouldBeEmpty();

    [Fact]
    public void A_file_that_came_goes_when_a_command_names_it_and_stays_when_none_does() =>
        KeptFiles.Repair([new KeptFile("/etc/d/", "-", "-", null)], [File("/etc/d/ours.yaml", "x"), File("/etc/d/theirs.yaml", "y")], "cp ours.yaml /etc/d/")
            .ShouldBe(["rm -f '/etc/d/ours.yaml'"]);

    [Fact]
    public void What_is_told_of_a_repair_holds_no_content() =>
        KeptFiles.Told(KeptFiles.Repair([File("/etc/a", "secret")], [], "rm /etc/a").Single()).ShouldNotContain(Base64("secret"));

    [Fact]
    public void What_the_node_prints_is_read() =>
        KeptFiles.Parse("/etc/a\t600\t0:0\tb2xk\n/etc/b\t-\t-\t-\nnoise\n").ShouldBe([new KeptFile("/etc/a", "600", "0:0", "b2xk"), new KeptFile("/etc/b", "-", "-", null)]);

    private static KeptFile File(string path, string content) => new(path, "644", "0:0", Base64(content));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
