using System.Text.RegularExpressions;

namespace KubeLessons.Tests.Architecture;

public class LayoutTests
{
    [Theory]
    [InlineData("KubeLessons.sln")]
    [InlineData("src")]
    [InlineData("lessons")]
    [InlineData("tests")]
    [InlineData("README.md")]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("LICENSE")]
    [InlineData(".devcontainer")]
    [InlineData(".ci/run")]
    public void The_top_level_has_what_newcomers_look_for(string path) =>
        Path.Exists(Path.Combine(Repository.Root, path)).ShouldBeTrue();

    [Fact]
    public void Every_source_project_has_a_test_project_of_its_name()
    {
        var tested = Repository.Files("tests", "*.csproj").Select(path => Path.GetFileNameWithoutExtension(path)).ToList();
        Repository.Files("src", "*.csproj")
            .Select(path => Path.GetFileNameWithoutExtension(path) + ".Tests")
            .Except(tested)
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_path_that_the_documents_name_exists()
    {
        var missing = new List<string>();
        foreach (var document in Directory.EnumerateFiles(Repository.Root, "*.md"))
        {
            foreach (Match named in Regex.Matches(File.ReadAllText(document), @"(?<![\w/.-])(?:src|tests|lessons|bench|\.ci|\.devcontainer)/[\w./-]*\w"))
            {
                if (!named.Value.Contains("NN-name", StringComparison.Ordinal) && !Path.Exists(Path.Combine(Repository.Root, named.Value)))
                {
                    missing.Add($"{Repository.Relative(document)}: {named.Value}");
                }
            }
        }

        missing.ShouldBeEmpty();
    }

    [Fact]
    public void Processes_and_sockets_are_used_in_end_to_end_tests_and_against_a_real_cluster_only()
    {
        var users = Repository.Files("tests", "*.cs")
            .Where(path => !Repository.Relative(path).StartsWith("tests/KubeLessons.EndToEnd.Tests/", StringComparison.Ordinal))
            .Where(path => !Repository.Relative(path).StartsWith("tests/KubeLessons.RealCluster.Tests/Kit/", StringComparison.Ordinal))
            .Where(path => Regex.IsMatch(File.ReadAllText(path), @"\bProcess\.Start\(|using System\.Net\.Sockets|using CliWrap"))
            .Select(Repository.Relative)
            .Where(path => !path.EndsWith("Architecture/LayoutTests.cs", StringComparison.Ordinal));
        users.ShouldBeEmpty();
    }
}
