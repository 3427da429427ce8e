using KubeLessons.Lessons;

namespace KubeLessons.Tests.Lessons;

public sealed class LessonLibraryTests
{
    private static readonly LessonLibrary Library = LessonLibrary.Of(new Dictionary<string, string>
    {
        ["lessons/03-sample/lesson.md"] = SampleLesson.English,
        ["lessons/03-sample/lesson.ko.md"] = SampleLesson.Korean,
        ["lessons/03-sample/files/web/nginx.yaml"] = "kind: Pod\n",
        ["lessons/04-kube-proxy/lesson.md"] = SampleLesson.English,
        ["lessons/05-kubelet\\lesson.md"] = SampleLesson.English,
        ["lessons/05-kubelet/README.md"] = "no lesson",
        ["lessons/README.md"] = "no lesson",
    });

    [Fact]
    public void A_folder_with_a_lesson_file_is_a_lesson() => Library.Entries.Select(entry => entry.Id).ShouldBe(["03-sample", "04-kube-proxy", "05-kubelet"]);

    [Theory]
    [InlineData("03-sample", "03-sample")]
    [InlineData("sample", "03-sample")]
    [InlineData("SAMPLE", "03-sample")]
    [InlineData("05", "05-kubelet")]
    [InlineData("lessons/04-kube-proxy/", "04-kube-proxy")]
    [InlineData("lessons\\04-kube-proxy\\lesson.md", "04-kube-proxy")]
    public void An_id_a_path_or_a_part_that_only_one_has_finds_a_lesson(string reference, string id) =>
        Library.Find(reference).ShouldBeOfType<LessonLookup.Found>().Entry.Id.ShouldBe(id);

    [Fact]
    public void A_part_that_several_have_finds_none_and_names_them() =>
        Library.Find("kube").ShouldBeOfType<LessonLookup.Ambiguous>().Ids.ShouldBe(["04-kube-proxy", "05-kubelet"]);

    [Theory]
    [InlineData("03-smaple", "03-sample")]
    [InlineData("kubelt", "05-kubelet")]
    [InlineData("quite-another", null)]
    [InlineData("", null)]
    public void An_unknown_name_is_answered_with_the_nearest(string reference, string? nearest) =>
        Library.Find(reference).ShouldBeOfType<LessonLookup.Unknown>().Nearest.ShouldBe(nearest);

    [Fact]
    public void A_path_of_a_translation_chooses_its_language() =>
        Library.Find("lessons/03-sample/lesson.ko.md").ShouldBeOfType<LessonLookup.Found>().Language.ShouldBe("ko");

    [Theory]
    [InlineData("ko", "ko")]
    [InlineData("en", "en")]
    [InlineData("fr", "en")]
    [InlineData(null, "en")]
    public void A_lesson_opens_in_the_wanted_language_or_in_English(string? wanted, string language) =>
        Library.Open(Library.Entries[0], wanted).Lesson!.Header.Language.ShouldBe(language);

    [Fact]
    public void What_stands_under_files_belongs_to_the_lesson()
    {
        var (name, path) = Library.Entries[0].Attachments.ShouldHaveSingleItem();
        name.ShouldBe("web/nginx.yaml");
        Library.Read(path).ShouldBe("kind: Pod\n");
    }

    [Fact]
    public void Listing_reads_nothing() =>
        new LessonLibrary(["a/lesson.md"], _ => throw new InvalidOperationException("read")).Entries.ShouldHaveSingleItem().Id.ShouldBe("a");
}
