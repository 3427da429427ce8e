using System.Globalization;

namespace KubeLessons.Simulator.Controllers.CronJobs;

/// <summary>
/// A schedule as CronJob.spec.schedule spells it: five fields (minute, hour, day of month, month, day of week) with *, lists,
/// ranges, steps and names, or a macro such as @hourly, or @every 90s (github.com/robfig/cron, standard parser).
/// </summary>
internal sealed class CronSchedule
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private readonly ulong _minutes;
    private readonly ulong _hours;
    private readonly ulong _daysOfMonth;
    private readonly ulong _months;
    private readonly ulong _daysOfWeek;
    private readonly bool _anyDayOfMonth;
    private readonly bool _anyDayOfWeek;
    private readonly TimeSpan? _every;

    private CronSchedule(TimeSpan every) => _every = every;

    private CronSchedule(ulong minutes, ulong hours, (ulong Bits, bool Any) daysOfMonth, ulong months, (ulong Bits, bool Any) daysOfWeek)
    {
        (_minutes, _hours, _months) = (minutes, hours, months);
        (_daysOfMonth, _anyDayOfMonth) = daysOfMonth;
        (_daysOfWeek, _anyDayOfWeek) = daysOfWeek;
    }

    /// <summary>Null when the text is no schedule.</summary>
    public static CronSchedule? TryParse(string text)
    {
        text = text.Trim();
        if (text.StartsWith("@every ", StringComparison.Ordinal))
        {
            return GoDuration(text[7..]) is { } every && every >= TimeSpan.FromSeconds(1) ? new CronSchedule(every) : null;
        }

        var fields = Expand(text).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == 5
            && Field(fields[0], 0, 59, []) is { } minutes
            && Field(fields[1], 0, 23, []) is { } hours
            && Field(fields[2], 1, 31, []) is { } daysOfMonth
            && Field(fields[3], 1, 12, Months) is { } months
            && Field(fields[4], 0, 6, Days) is { } daysOfWeek
                ? new CronSchedule(minutes.Bits, hours.Bits, daysOfMonth, months.Bits, daysOfWeek)
                : null;
    }

    /// <summary>The first time after this one, in the same offset; null when none comes within five years.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        if (_every is { } every)
        {
            return after + every - TimeSpan.FromTicks(after.Ticks % TimeSpan.TicksPerSecond);
        }

        var time = new DateTimeOffset(after.Year, after.Month, after.Day, after.Hour, after.Minute, 0, after.Offset).AddMinutes(1);
        var limit = time.AddYears(5);
        while (time < limit)
        {
            if (!Has(_months, time.Month))
            {
                time = new DateTimeOffset(time.Year, time.Month, 1, 0, 0, 0, time.Offset).AddMonths(1);
            }
            else if (!IsDay(time))
            {
                time = new DateTimeOffset(time.Year, time.Month, time.Day, 0, 0, 0, time.Offset).AddDays(1);
            }
            else if (!Has(_hours, time.Hour))
            {
                time = new DateTimeOffset(time.Year, time.Month, time.Day, time.Hour, 0, 0, time.Offset).AddHours(1);
            }
            else if (!Has(_minutes, time.Minute))
            {
                time = time.AddMinutes(1);
            }
            else
            {
                return time;
            }
        }

        return null;
    }

    private static string Expand(string text) => text switch
    {
        "@yearly" or "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" or "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ => text,
    };

    private static bool Has(ulong bits, int value) => (bits & (1UL << value)) != 0;

    // When both days are restricted, either will do.
    private bool IsDay(DateTimeOffset time)
    {
        var (ofMonth, ofWeek) = (Has(_daysOfMonth, time.Day), Has(_daysOfWeek, (int)time.DayOfWeek));
        return _anyDayOfMonth || _anyDayOfWeek ? ofMonth && ofWeek : ofMonth || ofWeek;
    }

    private static (ulong Bits, bool Any)? Field(string text, int least, int most, string[] names)
    {
        var bits = 0UL;
        var any = false;
        foreach (var part in text.Split(','))
        {
            if (Range(part, least, most, names) is not { } range)
            {
                return null;
            }

            for (var value = range.From; value <= range.To; value += range.Step)
            {
                bits |= 1UL << value;
            }

            any |= range.IsStar;
        }

        return (bits, any);
    }

    private static (int From, int To, int Step, bool IsStar)? Range(string part, int least, int most, string[] names)
    {
        var halves = part.Split('/');
        if (halves.Length > 2 || !TryStep(halves, out var step))
        {
            return null;
        }

        if (halves[0] is "*" or "?")
        {
            return (least, most, step, step == 1);
        }

        var ends = halves[0].Split('-');
        if (ends.Length > 2 || Value(ends[0], least, names) is not { } from || Value(ends[^1], least, names) is not { } to)
        {
            return null;
        }

        // A lone value with a step runs to the end: 5/15 is 5, 20, 35…
        to = ends.Length == 1 && halves.Length == 2 ? most : to;
        return from < least || to > most || from > to ? null : (from, to, step, false);
    }

    private static bool TryStep(string[] halves, out int step)
    {
        step = 1;
        return halves.Length == 1 || (int.TryParse(halves[1], NumberStyles.None, CultureInfo.InvariantCulture, out step) && step > 0);
    }

    private static int? Value(string text, int least, string[] names)
    {
        var at = Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return at >= 0 ? at + least : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static TimeSpan? GoDuration(string text)
    {
        var total = TimeSpan.Zero;
        var at = 0;
        while (at < text.Length)
        {
            var start = at;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'))
            {
                at++;
            }

            var unit = text.AsSpan(at) switch
            {
                ['m', 's', ..] => TimeSpan.FromMilliseconds(1),
                ['h', ..] => TimeSpan.FromHours(1),
                ['m', ..] => TimeSpan.FromMinutes(1),
                ['s', ..] => TimeSpan.FromSeconds(1),
                _ => TimeSpan.Zero,
            };
            if (unit == TimeSpan.Zero || !double.TryParse(text.AsSpan(start, at - start), CultureInfo.InvariantCulture, out var number) || number > 1e6)
            {
                return null;
            }

            total += unit * number;
            at += unit == TimeSpan.FromMilliseconds(1) ? 2 : 1;
        }

        return total;
    }
}
