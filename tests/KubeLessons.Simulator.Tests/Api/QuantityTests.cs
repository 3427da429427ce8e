using KubeLessons.Simulator.Api;

namespace KubeLessons.Simulator.Tests.Api;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("1000m", "1")]
    [InlineData("0.5", "500m")]
    [InlineData("1500m", "1500m")]
    [InlineData("1024Mi", "1Gi")]
    [InlineData("1.5Gi", "1536Mi")]
    [InlineData("0.1Gi", "107374182400m")]
    [InlineData("512", "512")]
    [InlineData("1023Ki", "1023Ki")]
    [InlineData("2000", "2k")]
    [InlineData("1e3", "1e3")]
    [InlineData("0", "0")]
    [InlineData("100M", "100M")]
    [InlineData("-1", "-1")]
    [InlineData("264212084Ki", "264212084Ki")]
    [InlineData("1Ki", "1Ki")]
    [InlineData("0.0000000001", "1n")]
    public void A_quantity_prints_in_its_canonical_form(string text, string canonical) =>
        Quantity.TryParse(text)!.Value.ToString().ShouldBe(canonical);

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1Gb")]
    [InlineData("1.2.3")]
    [InlineData("Mi")]
    [InlineData("--1")]
    public void What_is_no_quantity_is_refused(string text) => Quantity.TryParse(text).ShouldBeNull();

    [Fact]
    public void Values_are_rounded_up()
    {
        Quantity.TryParse("1500m")!.Value.Value.ShouldBe(2);
        Quantity.TryParse("1")!.Value.MilliValue.ShouldBe(1000);
        (Quantity.TryParse("1Gi")! > Quantity.TryParse("1G")!).ShouldBeTrue();
    }
}
