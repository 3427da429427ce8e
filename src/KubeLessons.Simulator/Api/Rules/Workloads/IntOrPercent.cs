using System.Globalization;
using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Workloads;

/// <summary>Values that are a number or a percentage, such as maxSurge.</summary>
internal static class IntOrPercent
{
    private const string PercentFault =
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

    public static void Validate(Doc? value, string field, FieldErrors errors)
    {
        switch (value)
        {
            case DocText text when Percent(text.AsText) is null:
                errors.Invalid(field, value, PercentFault);
                break;
            case DocNumber { AsInt: < 0 } number:
                errors.Invalid(field, number, "must be greater than or equal to 0");
                break;
        }
    }

    /// <summary>True for 0 and 0%.</summary>
    public static bool IsZero(Doc? value) => value is DocText text ? Percent(text.AsText) == 0 : (value?.AsInt ?? 0) == 0;

    public static bool IsMoreThanAll(Doc? value) => value is DocText text && Percent(text.AsText) > 100;

    private static int? Percent(string text) =>
        text.EndsWith('%') && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var percent) ? percent : null;
}
