using System.Globalization;
using System.Text;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>Times as strftime(3) writes them in the C locale, in UTC.</summary>
internal static class TimeFormat
{
    private static readonly CultureInfo Names = CultureInfo.InvariantCulture;

    public static string Format(string format, DateTimeOffset time)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 >= format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            var pad = format[i + 1] is '-' or '_' or '0' or '^' && i + 2 < format.Length ? format[++i] : '\0';
            i++;
            var width = format[i] is >= '1' and <= '9' && i + 1 < format.Length ? format[i++] - '0' : 0;
            text.Append(Padded(Of(format[i], time, width) ?? "%" + format[i], pad));
        }

        return text.ToString();
    }

    private static string Padded(string text, char pad) => pad switch
    {
        '-' when text.All(char.IsAsciiDigit) => text.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0",
        '_' when text.All(char.IsAsciiDigit) => (text.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0").PadLeft(text.Length),
        '^' => text.ToUpperInvariant(),
        _ => text,
    };

    private static string? Of(char letter, DateTimeOffset t, int width) => letter switch
    {
        'Y' => t.Year.ToString("0000"),
        'C' => (t.Year / 100).ToString("00"),
        'y' => (t.Year % 100).ToString("00"),
        'm' => t.Month.ToString("00"),
        'd' => t.Day.ToString("00"),
        'e' => t.Day.ToString().PadLeft(2),
        'H' => t.Hour.ToString("00"),
        'k' => t.Hour.ToString().PadLeft(2),
        'I' => (((t.Hour + 11) % 12) + 1).ToString("00"),
        'l' => (((t.Hour + 11) % 12) + 1).ToString().PadLeft(2),
        'M' => t.Minute.ToString("00"),
        'S' => t.Second.ToString("00"),
        'N' => (t.Ticks % TimeSpan.TicksPerSecond * 100).ToString("000000000")[..(width is > 0 and < 10 ? width : 9)],
        'p' => t.Hour < 12 ? "AM" : "PM",
        'P' => t.Hour < 12 ? "am" : "pm",
        'a' => Names.DateTimeFormat.AbbreviatedDayNames[(int)t.DayOfWeek],
        'A' => Names.DateTimeFormat.DayNames[(int)t.DayOfWeek],
        'b' or 'h' => Names.DateTimeFormat.AbbreviatedMonthNames[t.Month - 1],
        'B' => Names.DateTimeFormat.MonthNames[t.Month - 1],
        'j' => t.DayOfYear.ToString("000"),
        'u' => (t.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)t.DayOfWeek).ToString(),
        'w' => ((int)t.DayOfWeek).ToString(),
        'V' => ISOWeek.GetWeekOfYear(t.DateTime).ToString("00"),
        'G' => ISOWeek.GetYear(t.DateTime).ToString("0000"),
        'U' => ((t.DayOfYear + 6 - (int)t.DayOfWeek) / 7).ToString("00"),
        'W' => ((t.DayOfYear + 6 - (((int)t.DayOfWeek + 6) % 7)) / 7).ToString("00"),
        's' => t.ToUnixTimeSeconds().ToString(),
        'z' => "+0000",
        'Z' => "UTC",
        'n' => "\n",
        't' => "\t",
        '%' => "%",
        'F' => Format("%Y-%m-%d", t),
        'T' or 'X' => Format("%H:%M:%S", t),
        'R' => Format("%H:%M", t),
        'D' or 'x' => Format("%m/%d/%y", t),
        'r' => Format("%I:%M:%S %p", t),
        'c' => Format("%a %b %e %H:%M:%S %Y", t),
        _ => null,
    };
}
