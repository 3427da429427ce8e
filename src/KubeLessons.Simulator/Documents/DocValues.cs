using System.Globalization;

namespace KubeLessons.Simulator.Documents;

/// <summary>A JSON string.</summary>
public sealed class DocText(string value) : Doc
{
    public override string AsText => value;

    public override bool Equals(Doc? other) => other is DocText text && text.AsText == value;

    public override int GetHashCode() => string.GetHashCode(value, StringComparison.Ordinal);
}

/// <summary>A JSON number, kept as its text so that nothing is lost.</summary>
public sealed class DocNumber(string text) : Doc
{
    /// <summary>The number as it stood in the JSON text.</summary>
    public string Literal => text;

    public override long? AsInt =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    public override double? AsDouble =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    public override bool Equals(Doc? other) =>
        other is DocNumber number && (number.Literal == text || (AsDouble is { } d && d.Equals(number.AsDouble)));

    public override int GetHashCode() => AsDouble.GetHashCode();
}

/// <summary>A JSON boolean.</summary>
public sealed class DocBool : Doc
{
    internal static readonly DocBool True = new(true);
    internal static readonly DocBool False = new(false);
    private readonly bool _value;

    private DocBool(bool value) => _value = value;

    public override bool? AsBool => _value;

    public override bool Equals(Doc? other) => other is DocBool flag && flag._value == _value;

    public override int GetHashCode() => _value.GetHashCode();
}

/// <summary>The JSON value <c>null</c>.</summary>
public sealed class DocNull : Doc
{
    internal DocNull()
    {
    }

    public override bool Equals(Doc? other) => other is DocNull;

    public override int GetHashCode() => 0;
}
