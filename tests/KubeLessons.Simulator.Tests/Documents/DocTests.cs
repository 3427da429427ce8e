using CsCheck;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Tests.Documents;

public sealed class DocTests
{
    private static readonly Gen<Doc> GenDoc = Gen.Recursive<Doc>((depth, self) =>
    {
        var text = Gen.String[Gen.Char.AlphaNumeric, 0, 6].Select(value => (Doc)value);
        var leaf = Gen.OneOf(
            text, Gen.Long.Select(value => (Doc)value), Gen.Bool.Select(value => (Doc)value), Gen.Const(Doc.Null), Gen.Const((Doc)"\"\\\n한글"));
        if (depth > 3)
        {
            return leaf;
        }

        var array = self.Array[0, 4].Select(items => (Doc)Doc.Arr(items));
        var map = Gen.Select(Gen.String[Gen.Char['a', 'f'], 1, 2], self).Array[0, 5].Select(fields =>
        {
            var builder = new DocObjectBuilder();
            foreach (var (key, value) in fields)
            {
                builder.Set(key, value);
            }

            return (Doc)builder.ToObject();
        });
        return Gen.OneOf(leaf, array, map);
    });

    [Fact]
    public void Json_survives_the_round_trip() => GenDoc.Sample(
        doc => DocJson.Parse(DocJson.Write(doc)).Equals(doc) && DocJson.Parse(DocJson.Write(doc, indented: true)).Equals(doc));

    [Fact]
    public void Equal_documents_have_equal_hash_codes() => GenDoc.Sample(doc =>
    {
        var copy = DocJson.Parse(DocJson.Write(doc));
        return copy.Equals(doc) && copy.GetHashCode() == doc.GetHashCode();
    });

    [Fact]
    public void What_was_put_at_a_path_is_found_there_and_nothing_else_changes() =>
        Gen.Select(GenDoc, Gen.String[Gen.Char['a', 'f'], 1, 2].Array[1, 3], GenDoc).Sample((doc, path, value) =>
        {
            var before = DocJson.Write(doc);
            var changed = doc.With(value, path);
            return changed.At(path)!.Equals(value)
                && DocJson.Write(doc) == before
                && (doc.At(path) is not { } old || changed.With(old, path).Equals(doc) || doc.At(path[..^1]) is not DocObject);
        });

    [Fact]
    public void Removing_what_is_not_there_gives_the_same_document()
    {
        var doc = Doc.Obj(("a", Doc.Obj(("b", 1))));

        doc.Without("x").ShouldBeSameAs(doc);
        doc.Without("x", "y").ShouldBeSameAs(doc);
        doc.With(doc["a"], "a").ShouldBeSameAs(doc);
    }

    [Fact]
    public void Numbers_keep_their_text()
    {
        DocJson.Write(DocJson.Parse("[1.50,1e3,12345678901234567890]")).ShouldBe("[1.50,1e3,12345678901234567890]");
        DocJson.Parse("1.0").Equals(DocJson.Parse("1")).ShouldBeTrue();
    }

    [Fact]
    public void A_key_that_is_given_twice_keeps_its_last_value() =>
        DocJson.Parse("""{"a":1,"b":2,"a":3}""").ShouldBe(Doc.Obj(("a", 3), ("b", 2)));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"a\":}")]
    [InlineData("[1] 2")]
    [InlineData("\"\\ud800\"")]
    public void What_is_no_json_is_a_fault_and_no_exception(string text)
    {
        DocJson.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out _, out var error).ShouldBeFalse();
        error.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void Bytes_that_are_no_unicode_and_nesting_without_end_are_faults()
    {
        DocJson.TryParse([(byte)'"', 0xFF, (byte)'"'], out _, out _).ShouldBeFalse();
        DocJson.TryParse(System.Text.Encoding.UTF8.GetBytes(new string('[', 100_000)), out _, out _).ShouldBeFalse();
    }
}
