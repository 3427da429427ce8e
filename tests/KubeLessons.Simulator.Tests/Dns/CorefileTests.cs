using KubeLessons.Simulator.Dns;

namespace KubeLessons.Simulator.Tests.Dns;

public sealed class CorefileTests
{
    [Fact]
    public void Blocks_have_zones_a_port_and_plugins_with_options()
    {
        var (file, error) = Corefile.Parse("Corefile", """
            # comment
            .:53 {
                errors
                health {
                   lameduck 5s
                }
                forward . 8.8.8.8 1.1.1.1 {
                   max_concurrent 1000
                }
            }
            example.test:1053 other.test {
                whoami
            }
            """);
        error.ShouldBeNull();
        file!.Blocks.Select(block => (string.Join(",", block.Zones), block.Port)).ShouldBe([("", 53), ("example.test,other.test", 1053)]);
        file.Blocks[0].Find("health")!.Option("lameduck")!.Value.ShouldBe(["5s"]);
        file.Blocks[0].Find("forward")!.Arguments.ShouldBe([".", "8.8.8.8", "1.1.1.1"]);
        file.Blocks[0].Find("forward")!.Number("max_concurrent", 0).ShouldBe(1000);
    }

    [Theory]
    [InlineData(".:53 {\n  erors\n}\n", "/etc/coredns/Corefile:2 - Error during parsing: Unknown directive 'erors'")]
    [InlineData(".:53 {\n  errors\n", "/etc/coredns/Corefile:2 - Error during parsing: Unexpected EOF, expecting '}'")]
    [InlineData(".:53\nerrors\n", "/etc/coredns/Corefile:1 - Error during parsing: Unexpected token '.:53', expecting '{'")]
    public void A_mistake_is_named_with_its_line(string text, string error) =>
        Corefile.Parse("/etc/coredns/Corefile", text).Error.ShouldBe(error);
}
