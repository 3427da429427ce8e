using System.Globalization;

namespace KubeLessons.Simulator.Kubectl.Printing;

/// <summary>An amount of a resource (k8s.io/apimachinery/pkg/api/resource): <c>500m</c>, <c>128Mi</c>, <c>2</c>.</summary>
/// <param name="Milli">The amount in thousandths.</param>
/// <param name="IsBinary">Written with binary suffixes (Ki, Mi…).</param>
internal readonly record struct Quantity(decimal Milli, bool IsBinary) : IComparable<Quantity>
{
    private static readonly (string Suffix, decimal Factor)[] Binary =
    [
        ("Ei", 1024m * 1024 * 1024 * 1024 * 1024 * 1024), ("Pi", 1024m * 1024 * 1024 * 1024 * 1024), ("Ti", 1024m * 1024 * 1024 * 1024),
        ("Gi", 1024m * 1024 * 1024), ("Mi", 1024m * 1024), ("Ki", 1024m),
    ];

    private static readonly (string Suffix, decimal Factor)[] Decimal =
    [
        ("E", 1e18m), ("P", 1e15m), ("T", 1e12m), ("G", 1e9m), ("M", 1e6m), ("k", 1e3m), ("", 1m), ("m", 1e-3m), ("u", 1e-6m), ("n", 1e-9m),
    ];

    /// <summary>In whole units, rounded up, as Quantity.Value has it.</summary>
    public decimal Value => Math.Ceiling(Milli / 1000);

    public static bool TryParse(string? text, out Quantity value)
    {
        value = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] is '.' or '+' or '-'))
        {
            digits++;
        }

        var suffix = text[digits..];
        if (!decimal.TryParse(text.AsSpan(0, digits), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        foreach (var (name, factor) in Binary)
        {
            if (suffix == name)
            {
                value = new Quantity(number * factor * 1000, true);
                return true;
            }
        }

        foreach (var (name, factor) in Decimal)
        {
            if (suffix == name)
            {
                value = new Quantity(number * factor * 1000, false);
                return true;
            }
        }

        if (suffix is ['e' or 'E', .. var power] && int.TryParse(power, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent) && Math.Abs(exponent) < 18)
        {
            value = new Quantity(number * (decimal)Math.Pow(10, exponent) * 1000, false);
            return true;
        }

        return false;
    }

    public static Quantity operator +(Quantity a, Quantity b) => new(a.Milli + b.Milli, a.Milli == 0 ? b.IsBinary : a.IsBinary);

    public static Quantity operator -(Quantity a, Quantity b) => new(a.Milli - b.Milli, a.Milli == 0 ? b.IsBinary : a.IsBinary);

    public int CompareTo(Quantity other) => Milli.CompareTo(other.Milli);

    /// <summary>In the canonical form: the largest suffix that leaves a whole number.</summary>
    public override string ToString()
    {
        if (Milli == 0)
        {
            return "0";
        }

        foreach (var (suffix, factor) in IsBinary && Math.Abs(Milli) >= 1000 * 1024 ? Binary : [])
        {
            var count = Milli / 1000 / factor;
            if (count == Math.Truncate(count))
            {
                return count.ToString("0", CultureInfo.InvariantCulture) + suffix;
            }
        }

        if (IsBinary && Milli % 1000 == 0)
        {
            return (Milli / 1000).ToString("0", CultureInfo.InvariantCulture);
        }

        foreach (var (suffix, factor) in Decimal)
        {
            var count = Milli / 1000 / factor;
            if (count == Math.Truncate(count))
            {
                return count.ToString("0", CultureInfo.InvariantCulture) + suffix;
            }
        }

        return Math.Ceiling(Milli * 1_000_000).ToString("0", CultureInfo.InvariantCulture) + "n";
    }
}
