using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Tests.Hosts;

public class FileLinkTests
{
    private readonly FileSystem _files = new(new World(1));

    [Fact]
    public void A_link_to_a_directory_is_followed_on_the_way()
    {
        _files.Write("/data/v1/key", "one");
        _files.Write("/data/v2/key", "two");
        _files.Link("/data/current", "v1");
        _files.Link("/data/key", "current/key");
        _files.Read("/data/key").ShouldBe("one");
        _files.Remove("/data/current");
        _files.Link("/data/current", "/data/v2");
        _files.Read("/data/current/key").ShouldBe("two");
        _files.Write("/data/current/new", "x");
        _files.List("/data/current").ShouldBe(["key", "new"]);
        _files.Read("/data/v2/new").ShouldBe("x");
    }

    [Fact]
    public void A_change_of_mode_goes_to_what_a_link_points_to()
    {
        _files.Write("/a", "");
        _files.Link("/b", "a");
        _files.SetMode("/b", 0b111_000_000);
        _files.FindNoFollow("/b")!.Kind.ShouldBe(FileKind.Link);
        _files.Find("/a")!.Mode.ShouldBe(0b111_000_000);
    }

    [Fact]
    public void Links_in_a_circle_lead_nowhere()
    {
        _files.Link("/a", "b");
        _files.Link("/b", "a");
        _files.Find("/a").ShouldBeNull();
        _files.Find("/a/x").ShouldBeNull();
    }
}
