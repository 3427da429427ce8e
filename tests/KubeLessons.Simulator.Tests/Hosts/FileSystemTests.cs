using CsCheck;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Tests.Hosts;

public sealed class FileSystemTests
{
    private static readonly string[] _paths = ["/a", "/a/b", "/a/b/c", "/a/b.d", "/a-b/c", "/e", "/e/f"];

    [Fact]
    public void What_is_used_is_the_sum_of_all_files_and_what_is_below_a_directory_comes_in_order() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, _paths.Length - 1], Gen.Int[0, 40]).Array[1, 30].Sample(operations =>
        {
            var files = new FileSystem(new World(1));
            foreach (var (operation, path, size) in operations)
            {
                Do(files, operation, _paths[path], size);
                var all = files.Below("/").ToList();
                files.BytesBelow("/").ShouldBe(all.Sum(each => files.FindNoFollow(each) is { Kind: FileKind.File } file ? file.Size : 0));
                all.ShouldBe(all.Order(StringComparer.Ordinal));
                files.Below("/a").ShouldBe(all.Where(each => each.StartsWith("/a/", StringComparison.Ordinal)));
            }
        });

    [Fact]
    public void Whoever_hears_of_a_renamed_file_finds_it_under_one_of_its_names()
    {
        var files = new FileSystem(new World(1));
        files.Write("/etc/a.conf", "a");
        var heard = new List<string>();
        files.Changed += path =>
        {
            heard.Add(path);
            files.List("/etc").ShouldBe(["b.conf"]);
        };

        files.Rename("/etc/a.conf", "/etc/b.conf");

        heard.ShouldBe(["/etc/b.conf", "/etc/a.conf"]);
    }

    private static void Do(FileSystem files, int operation, string path, int size)
    {
        switch (operation)
        {
            case 0:
                files.Remove(path);
                break;
            case 1:
                files.Extend(path, size);
                break;
            case 2:
                files.Keep(path, new Counted(size));
                break;
            case 3:
                files.MakeDirectories(path);
                break;
            case 4:
                files.Link("/link", path);
                break;
            default:
                files.Write(path, new string('ä', size));
                break;
        }
    }

    private sealed class Counted(int length) : LiveFile
    {
        public override string Text => new('x', (int)Length);

        public override long Length { get; } = length;

        public override void Replace(string text)
        {
        }
    }
}
