using CsCheck;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Tests.Documents;

public class DocYamlTests
{
    [Theory]
    [InlineData("yes", "true")]
    [InlineData("0644", "420")]
    [InlineData("0x1f", "31")]
    [InlineData("1.50", "1.5")]
    [InlineData("~", "null")]
    [InlineData("2026-01-02", "\"2026-01-02\"")]
    [InlineData("\"8080\"", "\"8080\"")]
    [InlineData("1_000", "1000")]
    [InlineData("v1.33", "\"v1.33\"")]
    [InlineData("!!str 5", "\"5\"")]
    public void Scalars_are_read_as_yaml_1_1_has_them(string yaml, string json) => Read("a: " + yaml).ShouldBe($"{{\"a\":{json}}}");

    [Fact]
    public void Anchors_and_merge_keys_are_followed() =>
        Read("base: &b {x: 1, z: 2}\nother:\n  <<: *b\n  z: 3\n").ShouldBe("""{"base":{"x":1,"z":2},"other":{"x":1,"z":3}}""");

    [Fact]
    public void A_stream_is_split_at_its_document_marks() =>
        DocYaml.Split("# head\n---\na: 1\n---\n# only a comment\n---\nb: |\n  text\n").ShouldBe(["a: 1\n", "b: |\n  text\n"]);

    [Theory]
    [InlineData("kind: Pod\nmetadata:\n  name: x\n spec:\n  a: b\n", "yaml: line 3: did not find expected key")]
    [InlineData("kind: Pod\nmetadata:\n\tname: x\n", "yaml: line 3: found character that cannot start any token")]
    [InlineData("kind: Pod\nmetadata:\n  name: x\n  labels\n    a: b\n", "yaml: line 5: could not find expected ':'")]
    [InlineData("kind: Pod\nmetadata:\n  name: x: y\n", "yaml: line 3: mapping values are not allowed in this context")]
    [InlineData("apiVersion v1\nkind: Pod\n", "yaml: line 2: mapping values are not allowed in this context")]
    [InlineData("kind: Pod\nmetadata:\n  name: \"x\n", "yaml: line 4: found unexpected end of stream")]
    [InlineData("kind: Pod\nx: {a: b\nfoo: bar\n", "yaml: line 2: did not find expected ',' or '}'")]
    [InlineData("kind: Pod\nx: [a, b\n", "yaml: line 2: did not find expected ',' or ']'")]
    [InlineData("kind: Pod\nx: @foo\n", "yaml: line 2: found character that cannot start any token")]
    [InlineData("x: *foo\n", "yaml: unknown anchor 'foo' referenced")]
    [InlineData("a:\n- b: c\n d: e\n", "yaml: line 2: did not find expected key")]
    public void Faults_are_worded_as_kubectl_shows_them(string yaml, string error)
    {
        DocYaml.TryParse(yaml, out _, out var fault).ShouldBeFalse();
        fault.ShouldBe(error);
    }

    [Theory]
    [InlineData("\"5\"", "a: \"5\"\n")]
    [InlineData("\"\"", "a: \"\"\n")]
    [InlineData("\"yes\"", "a: \"yes\"\n")]
    [InlineData("\"x: y\"", "a: 'x: y'\n")]
    [InlineData("\"it's\"", "a: it's\n")]
    [InlineData("\"one\\ntwo\"", "a: |-\n  one\n  two\n")]
    [InlineData("\"one\\ntwo\\n\"", "a: |\n  one\n  two\n")]
    [InlineData("\"tab\\tx\"", "a: \"tab\\tx\"\n")]
    [InlineData("[]", "a: []\n")]
    [InlineData("{}", "a: {}\n")]
    [InlineData("null", "a: null\n")]
    [InlineData("[1,{\"b\":2,\"c\":[3]},[4]]", "a:\n- 1\n- b: 2\n  c:\n  - 3\n- - 4\n")]
    public void Values_are_written_as_kubectl_writes_them(string json, string yaml) =>
        DocYaml.Write(DocJson.Parse($"{{\"a\":{json}}}")).ShouldBe(yaml);

    [Fact]
    public void Keys_are_ordered_naturally_and_long_lines_are_folded() =>
        DocYaml.Write(DocJson.Parse("""{"a10":1,"a9":2,"message":"The node was low on resource: memory. Threshold quantity: 100Mi, available: 83620Ki. "}"""))
            .ShouldBe("a9: 2\na10: 1\nmessage: 'The node was low on resource: memory. Threshold quantity: 100Mi, available:\n  83620Ki. '\n");

    [Fact]
    public void Whatever_text_is_written_is_read_back() =>
        Gen.Char["ab:-# '\"\n\t{}[],&*!|>%@`0159.eyn~\\_xé한"].Array[0, 60].Sample(characters =>
        {
            var document = Doc.Obj(("key", new string(characters)), ("list", Doc.Arr(new string(characters))));
            DocYaml.TryParse(DocYaml.Write(document), out var back, out var error).ShouldBeTrue(error);
            back.ShouldBe(document);
        });

    [Fact]
    public void Malformed_text_ends_in_a_fault_and_never_in_an_exception() =>
        Gen.Char["ab:-# '\"\n\t{}[],&*!|>%@?01"].Array[0, 80].Sample(characters =>
        {
            foreach (var part in DocYaml.Split(new string(characters)))
            {
                if (!DocYaml.TryParse(part, out _, out var error))
                {
                    error.ShouldStartWith("yaml: ");
                }
            }
        }, iter: 20_000);

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
    [InlineData("a: 1\n b: 2\n", "yaml: line 2: mapping values are not allowed in this context")]
    [InlineData("a: *x\n", "yaml: unknown anchor 'x' referenced")]
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

    private static string Read(string yaml)
    {
        DocYaml.TryParse(yaml, out var value, out var error).ShouldBeTrue(error);
        return value!.ToString();
    }
}
