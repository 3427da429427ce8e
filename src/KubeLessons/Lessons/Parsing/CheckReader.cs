using System.Collections.Immutable;

namespace KubeLessons.Lessons.Parsing;

/// <summary>Reads the content of a check.</summary>
internal sealed class CheckReader(LessonReading reading, AttributeReader attributes)
{
    private static readonly string[] TimeKeys = ["now", "eventually", "consistently", "settles", "never", "window", "until", "sequence"];
    private static readonly string[] Keys = [.. TimeKeys, "within", "that", "unless", "hint", "why"];
    private readonly ConditionReader _conditions = new(reading);

    /// <summary>The check of the current fence; null, and reported, when it has no content to speak of.</summary>
    public CheckSpec? Read()
    {
        var fence = reading.Current.Fence;
        var anchor = reading.ReadAnchor();
        if (YamlReader.ReadFields(fence.Lines, fence.Position, reading.Diagnostics, Keys) is not { } fields) return null;
        var time = ReadTime(fields);
        var that = _conditions.ReadAll(fields.Node("that"));
        if (time is TimeOperator.Sequence && fields.Has("that")) reading.Diagnostics.Report(fields.At("that"), "lint.keyBeside", "that", "sequence");
        if (time is not TimeOperator.Sequence && !fields.Has("sequence")) fields.Required("that");
        var check = new CheckSpec(
            reading.Current.Name,
            anchor,
            attributes.ReadPoints(fence),
            reading.Current.Attributes.Notes,
            time,
            that,
            _conditions.ReadAll(fields.Node("unless")),
            fields.Text("hint"),
            fields.Text("why"));
        ReportOutputOfNoStep(check);
        return check;
    }

    private TimeOperator ReadTime(Fields fields)
    {
        var given = TimeKeys.Where(fields.Has).ToList();
        if (given.Count > 1) reading.Diagnostics.Report(fields.At(given[1]), "lint.twoTimes", given[0], given[1]);
        var key = given.FirstOrDefault();
        if (fields.Has("within") && key is not ("until" or "sequence")) reading.Diagnostics.Report(fields.At("within"), "lint.withinAlone");
        return key switch
        {
            "eventually" => new TimeOperator.Eventually(ReadDuration(fields, key)),
            "consistently" => new TimeOperator.Consistently(ReadDuration(fields, key)),
            "never" => new TimeOperator.Never(ReadDuration(fields, key)),
            "settles" => ReadSettles(fields),
            "window" => ReadWindow(fields),
            "until" => ReadUntil(fields),
            "sequence" => new TimeOperator.Sequence(_conditions.ReadAll(fields.Node(key)), ReadWithin(fields)),
            _ => new TimeOperator.Now(),
        };
    }

    private Duration ReadDuration(Fields fields, string key) => fields.Duration(key) ?? Duration.Zero;

    private Duration ReadWithin(Fields fields) => fields.Duration("within") ?? reading.DefaultWait;

    private TimeOperator.Settles ReadSettles(Fields fields)
    {
        var settles = Fields.Open(fields.Node("settles"), fields.At("settles"), reading.Diagnostics, "within", "for");
        return new TimeOperator.Settles(settles?.Duration("within", required: true) ?? Duration.Zero, settles?.Duration("for", required: true) ?? Duration.Zero);
    }

    private TimeOperator.Window ReadWindow(Fields fields)
    {
        if (fields.Node("window") is not YamlList { Items: [YamlScalar first, YamlScalar second] })
        {
            reading.Diagnostics.Report(fields.Node("window")!.Position, "lint.window");
            return new TimeOperator.Window(Duration.Zero, Duration.Zero);
        }

        var min = DurationReader.Read(first, reading.Diagnostics);
        var max = DurationReader.Read(second, reading.Diagnostics);
        if (min is not null && max is not null && IsEmpty(min, max)) reading.Diagnostics.Report(first.Position, "lint.windowEmpty", min.Text, max.Text);
        return new TimeOperator.Window(min ?? Duration.Zero, max ?? Duration.Zero);
    }

    private TimeOperator ReadUntil(Fields fields) =>
        _conditions.Read(fields.Node("until")!) is { } end ? new TimeOperator.Until(end, ReadWithin(fields)) : new TimeOperator.Now();

    // Judged by the values that Kubernetes ships, in every version that differs: no setting turns a sensible window around.
    private static bool IsEmpty(Duration min, Duration max) =>
        new[] { new KubernetesVersion(1, 20), new KubernetesVersion(1, 33) }.Any(version =>
        {
            var symbols = DurationSymbols.Upstream(version);
            return min.TryResolve(symbols, out var from, out _) && max.TryResolve(symbols, out var to, out _) && from >= to;
        });

    private void ReportOutputOfNoStep(CheckSpec check)
    {
        if (reading.Root(check.After).Kind == AnchorKind.Step) return;
        var timed = check.Time switch
        {
            TimeOperator.Until until => [until.End],
            TimeOperator.Sequence sequence => sequence.Steps,
            _ => ImmutableArray<Condition>.Empty,
        };
        foreach (var condition in check.That.Concat(check.Unless).Concat(timed))
        {
            var inner = condition is NotCondition not ? not.Inner : condition;
            if (inner is ExitCondition or OutputContainsCondition or OutputMatchesCondition or OutputRowCondition)
                reading.Diagnostics.Report(condition.Position, "lint.outputOfNoStep", condition.Text);
        }
    }
}
