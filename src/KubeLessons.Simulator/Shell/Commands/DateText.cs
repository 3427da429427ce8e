using System.Globalization;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>What <c>date -d</c> understands: a date, <c>@seconds</c>, and phrases such as <c>2 days ago</c> or <c>yesterday</c>.</summary>
internal static class DateText
{
    public static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        text = text.Trim();
        if (text.StartsWith('@'))
        {
            return double.TryParse(text.AsSpan(1), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < 2e11
                ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null;
        }

        var words = text.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            return new DateTimeOffset(now.Date, TimeSpan.Zero);
        }

        // The phrase at the end is added to the date before it, or to now.
        for (var split = words.Length; split >= 0; split--)
        {
            var date = split == 0 ? now : Absolute(string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..split]), now);
            if (date is { } start && Relative(words[split..], start) is { } result)
            {
                return result;
            }
        }

        return null;
    }

    private static DateTimeOffset? Absolute(string text, DateTimeOffset now) => text.ToLowerInvariant() switch
    {
        "now" or "today" => now,
        "yesterday" => now.AddDays(-1),
        "tomorrow" => now.AddDays(1),

        // "2024-01-01 +1 day": the number belongs to the phrase, it is no time zone.
        _ when text.Split(' ') is [_, .., ['+' or '-', .. var digits]] && digits.All(char.IsAsciiDigit) => null,
        _ when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date)
            && text.Any(char.IsAsciiDigit) && text.Length > 4 => text.Contains('-') || text.Contains('/') || text.Any(char.IsLetter) ? date
                : new DateTimeOffset(now.Date, TimeSpan.Zero) + date.TimeOfDay,
        _ => null,
    };

    private static DateTimeOffset? Relative(string[] words, DateTimeOffset date)
    {
        for (var i = 0; i < words.Length;)
        {
            var count = 1;
            if (int.TryParse(words[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                count = number;
                i++;
            }
            else if (words[i] is "next" or "last")
            {
                count = words[i] == "next" ? 1 : -1;
                i++;
            }

            if (i >= words.Length || Math.Abs((long)count) > 1_000_000)
            {
                return null;
            }

            var unit = words[i++].TrimEnd('s');
            if (i < words.Length && words[i] == "ago")
            {
                count = -count;
                i++;
            }

            try
            {
                switch (unit)
                {
                    case "second" or "sec":
                        date = date.AddSeconds(count);
                        break;
                    case "minute" or "min":
                        date = date.AddMinutes(count);
                        break;
                    case "hour":
                        date = date.AddHours(count);
                        break;
                    case "day":
                        date = date.AddDays(count);
                        break;
                    case "week":
                        date = date.AddDays(7.0 * count);
                        break;
                    case "month":
                        date = date.AddMonths(count);
                        break;
                    case "year":
                        date = date.AddYears(count);
                        break;
                    default:
                        return null;
                }
            }
            catch (ArgumentOutOfRangeException)
            {
                return null;
            }
        }

        return date;
    }
}
