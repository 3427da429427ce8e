using System.Globalization;

namespace KubeLessons.Simulator.Api.Rules.Workloads;

/// <summary>Whether a text is a cron schedule (github.com/robfig/cron: ParseStandard), and what is wrong when it is none.</summary>
internal static class CronSchedule
{
    private static readonly (int Least, int Most)[] Bounds = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    public static string? FaultOf(string schedule)
    {
        if (schedule.StartsWith('@'))
        {
            return schedule is "@yearly" or "@annually" or "@monthly" or "@weekly" or "@daily" or "@midnight" or "@hourly"
                || schedule.StartsWith("@every ", StringComparison.Ordinal)
                    ? null
                    : $"unrecognized descriptor: {schedule}";
        }

        var fields = schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
        {
            return $"expected exactly 5 fields, found {fields.Length}: [{string.Join(' ', fields)}]";
        }

        for (var i = 0; i < fields.Length; i++)
        {
            foreach (var part in fields[i].Split(','))
            {
                if (FaultOf(part, i) is { } fault)
                {
                    return fault;
                }
            }
        }

        return null;
    }

    private static string? FaultOf(string part, int field)
    {
        var steps = part.Split('/');
        var ends = steps[0].Split('-');
        if (steps.Length > 2)
        {
            return $"too many slashes: {part}";
        }

        if (ends.Length > 2)
        {
            return $"too many hyphens: {part}";
        }

        if (steps[0] is not ("*" or "?"))
        {
            foreach (var end in ends)
            {
                if (Number(end, field) is not { } number)
                {
                    return $"failed to parse int from {end}: strconv.Atoi: parsing \"{end}\": invalid syntax";
                }

                if (number < Bounds[field].Least)
                {
                    return $"beginning of range ({number}) below minimum ({Bounds[field].Least}): {part}";
                }

                if (number > Bounds[field].Most)
                {
                    return $"end of range ({number}) above maximum ({Bounds[field].Most}): {part}";
                }
            }

            if (ends.Length == 2 && Number(ends[0], field) > Number(ends[1], field))
            {
                return $"beginning of range ({Number(ends[0], field)}) beyond end of range ({Number(ends[1], field)}): {part}";
            }
        }

        if (steps.Length == 2 && (Number(steps[1], -1) is not { } step || step == 0))
        {
            return steps[1] == "0" ? $"step of range should be a positive number: {part}"
                : $"failed to parse int from {steps[1]}: strconv.Atoi: parsing \"{steps[1]}\": invalid syntax";
        }

        return null;
    }

    private static int? Number(string text, int field)
    {
        var names = field == 3 ? Months : field == 4 ? Days : [];
        var named = Array.IndexOf(names, text.ToLowerInvariant());
        return named >= 0 ? named + (field == 3 ? 1 : 0)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : null;
    }
}
