using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace KubeLessons.Tests.Architecture;

public class ReferenceTests
{
    // Who may know whom; a project that is not named here knows nobody of ours.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["KubeLessons"] = [],
        ["KubeLessons.Simulator"] = [],
        ["KubeLessons.SimulatedCluster"] = ["KubeLessons", "KubeLessons.Simulator"],
        ["KubeLessons.RealCluster"] = ["KubeLessons"],
        ["KubeLessons.Cli"] = ["KubeLessons", "KubeLessons.RealCluster", "KubeLessons.Simulator", "KubeLessons.SimulatedCluster"],
    };

    public static TheoryData<string> SourceProjects() =>
        [.. Repository.Files("src", "*.csproj").Select(path => Path.GetFileNameWithoutExtension(path)!)];

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void A_project_refers_to_those_only_that_it_may_know(string project)
    {
        Allowed.ShouldContainKey(project, "A new project needs its arrow in this test and in ARCHITECTURE.md.");
        var references = ProjectFile(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        references.Except(Allowed[project]).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("KubeLessons")]
    [InlineData("KubeLessons.Simulator")]
    [InlineData("KubeLessons.SimulatedCluster")]
    public void Heart_simulator_and_adapter_are_pure_so_that_banned_symbols_hold_for_them(string project) =>
        ProjectFile(project).Descendants("IsPureProject").Single().Value.ShouldBe("true");

    [Fact]
    public void No_line_of_the_simulator_awaits()
    {
        var awaiting = Repository.Files("src/KubeLessons.Simulator", "*.cs")
            .Where(path => Regex.IsMatch(WithoutComments(File.ReadAllText(path)), @"\bawait\b|\basync\b"))
            .Select(Repository.Relative);
        awaiting.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Controllers")]
    [InlineData("Scheduling")]
    [InlineData("Kubelet")]
    [InlineData("Kubectl")]
    public void Components_reach_the_store_through_the_API_only(string folder)
    {
        var shortcuts = Repository.Files($"src/KubeLessons.Simulator/{folder}", "*.cs")
            .Where(path => WithoutComments(File.ReadAllText(path)) is var text
                && (text.Contains("KubeLessons.Simulator.Store", StringComparison.Ordinal) || text.Contains("ObjectStore", StringComparison.Ordinal)))
            .Select(Repository.Relative);
        shortcuts.ShouldBeEmpty();
    }

    [Fact]
    public void Checks_see_observations_and_never_a_cluster()
    {
        var lookers = Repository.Files("src/KubeLessons/Checks", "*.cs")
            .Where(path => Regex.IsMatch(WithoutComments(File.ReadAllText(path)), @"\bICluster\b"))
            .Select(Repository.Relative);
        lookers.ShouldBeEmpty();
    }

    [Fact]
    public void No_source_names_a_lesson()
    {
        var lessons = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "lessons")).Select(Path.GetFileName).ToList();
        var naming = Repository.Files("src", "*.cs")
            .Where(path => lessons.Any(lesson => WithoutComments(File.ReadAllText(path)).Contains($"\"{lesson}", StringComparison.Ordinal)))
            .Select(Repository.Relative);
        naming.ShouldBeEmpty();
    }

    [Fact]
    public void The_seam_has_at_most_five_members() =>
        typeof(KubeLessons.Clusters.ICluster).GetMethods().Count(method => !method.IsSpecialName)
            .ShouldBeLessThanOrEqualTo(5 - typeof(KubeLessons.Clusters.ICluster).GetProperties().Length - 1);

    private static XDocument ProjectFile(string project) =>
        XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));

    private static string WithoutComments(string source) => Regex.Replace(source, @"//[^\n]*|/\*.*?\*/", "", RegexOptions.Singleline);
}
