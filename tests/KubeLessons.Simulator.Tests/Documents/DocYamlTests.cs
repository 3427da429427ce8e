using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Tests.Documents;

public sealed class DocYamlTests
{
    [Fact]
    public void A_manifest_becomes_the_document_that_its_JSON_would_be()
    {
        Parse("""
            apiVersion: v1
            kind: Pod
            metadata: {name: web, labels: {app: "1"}}
            spec:
              hostNetwork: yes
              containers:
              - name: c
                args: ["-p", '80', 0644, 1.50, ~]
            """).ShouldBe(DocJson.Parse("""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","labels":{"app":"1"}},
             "spec":{"hostNetwork":true,"containers":[{"name":"c","args":["-p","80",420,1.5,null]}]}}
            """));
    }

    [Fact]
    public void Several_documents_are_read_and_empty_ones_left_out()
    {
        DocYaml.TryParseAll("---\na: 1\n---\n---\n# nothing\n---\nb: 2\n", out var documents, out _).ShouldBeTrue();
        documents.Select(document => document.ToString()).ShouldBe(["{\"a\":1}", "{\"b\":2}"]);
    }

    [Fact]
    public void Anchors_and_merge_keys_are_followed_and_own_fields_win() =>
        Parse("base: &b {x: 1, y2: 2}\nuse: {<<: *b, x: 3}\n").At("use")!.ShouldBe(DocJson.Parse("{\"x\":3,\"y2\":2}"));

    [Theory]
    [InlineData("10.96.0.1")]
    [InlineData("1.33.1")]
    [InlineData("2026-01-05")]
    [InlineData("100m")]
    public void What_only_begins_like_a_number_stays_text(string text) => Parse($"v: {text}").Text("v").ShouldBe(text);

    [Theory]
    [InlineData("a: 1\n b: 2\n", "yaml: line 2")]
    [InlineData("a: 1\na: 2\n", "yaml: line 2: key \"a\" already set in map")]
    [InlineData("a: *x\n", "yaml: line 1")]
    public void A_fault_is_a_value_with_its_line(string yaml, string error)
    {
        DocYaml.TryParse(yaml, out _, out var fault).ShouldBeFalse();
        fault.ShouldStartWith(error);
    }

    private static Doc Parse(string yaml)
    {
        DocYaml.TryParse(yaml, out var value, out var error).ShouldBeTrue(error);
        return value!;
    }
}
