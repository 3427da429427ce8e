using KubeLessons.Lessons;

namespace KubeLessons.Tests.Lessons;

public sealed class VariablesTests
{
    private static readonly Variables Some = Variables.None.With("node", "w1-k8s").With("pod_ip", "172.16.0.2");

    [Theory]
    [InlineData("node/$node exists", "node/w1-k8s exists")]
    [InlineData("http://${pod_ip}:80", "http://172.16.0.2:80")]
    [InlineData("$node$pod_ip", "w1-k8s172.16.0.2")]
    [InlineData("/^a$/ costs $5 and 100$", "/^a$/ costs $5 and 100$")]
    [InlineData("$$node", "$node")]
    [InlineData("${}", "${}")]
    [InlineData("${no de}", "${no de}")]
    [InlineData("${node", "${node")]
    public void A_variable_is_replaced_and_any_other_dollar_sign_stays(string text, string expected) => Some.Substitute(text).Text.ShouldBe(expected);

    [Fact]
    public void A_name_without_a_value_is_told()
    {
        var substitution = Some.Substitute("$nodes and $node");
        substitution.IsComplete.ShouldBeFalse();
        substitution.Unknown.ShouldBe(["nodes"]);
        substitution.Text.ShouldBe("$nodes and w1-k8s");
    }

    [Fact]
    public void Naming_a_value_again_leaves_the_old_set_as_it_was()
    {
        Some.With("node", "w2-k8s").Substitute("$node").Text.ShouldBe("w2-k8s");
        Some.Substitute("$node").Text.ShouldBe("w1-k8s");
    }

    [Theory]
    [InlineData("w2-k8s", "w2-k8s")]
    [InlineData("control-plane", "m-k8s")]
    [InlineData("worker", "w1-k8s")]
    [InlineData("worker[2]", "w3-k8s")]
    [InlineData("$node", "w1-k8s")]
    [InlineData("worker[3]", null)]
    [InlineData("worker[x]", null)]
    [InlineData("w4-k8s", null)]
    [InlineData("$other", null)]
    public void A_node_is_found_by_name_by_role_or_through_a_variable(string text, string? name) =>
        new NodeReference(text).Resolve(Some, ClusterSpec.Standard.Nodes).ShouldBe(name);

    [Theory]
    [InlineData(">=1.20 <1.32", "1.31", true)]
    [InlineData(">=1.20 <1.32", "1.32", false)]
    [InlineData(">=1.20,<1.32", "1.20", true)]
    [InlineData("1.33", "1.33", true)]
    [InlineData("!=1.33", "1.33", false)]
    [InlineData("v1.33.4", "1.33", true)]
    public void A_range_holds_the_versions_within_all_its_bounds(string range, string version, bool holds)
    {
        KubernetesRange.TryParse(range, out var parsed).ShouldBeTrue();
        KubernetesVersion.TryParse(version, out var candidate).ShouldBeTrue();
        parsed.Contains(candidate).ShouldBe(holds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("latest")]
    [InlineData("1")]
    [InlineData("=>1.20")]
    [InlineData("1.20.1.1")]
    [InlineData(">= 1.20")]
    public void A_text_that_is_no_range_is_refused(string range) => KubernetesRange.TryParse(range, out _).ShouldBeFalse();
}
