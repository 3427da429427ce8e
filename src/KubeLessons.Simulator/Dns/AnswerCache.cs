using System.Collections.Immutable;
using System.Globalization;
using KubeLessons.Simulator.Hosts.Names;

namespace KubeLessons.Simulator.Dns;

/// <summary>
/// CoreDNS' cache plugin: answers are given again until their time to live, or the plugin's own limit, is over; that there is no
/// such name is remembered too, and a server's failure for five seconds.
/// </summary>
internal sealed class AnswerCache(CorefilePlugin plugin)
{
    /// <summary>Answers that are remembered (the plugin's defaultCap).</summary>
    public const int Capacity = 9984;

    private const int FailureSeconds = 5;
    private const int DenialSeconds = 30;

    private readonly int _limit = plugin.Arguments is [var text, ..] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 3600;
    private readonly ImmutableArray<string>? _noSuccess = Disabled(plugin, "success");
    private readonly ImmutableArray<string>? _noDenial = Disabled(plugin, "denial");
    private readonly Dictionary<(string Name, DnsType Type), (DnsAnswer Answer, TimeSpan At, TimeSpan Until)> _kept = [];

    public DnsAnswer? Find(DnsQuestion question, TimeSpan now)
    {
        if (!_kept.TryGetValue((question.Name, question.Type), out var kept) || kept.Until <= now)
        {
            return null;
        }

        var age = (int)(now - kept.At).TotalSeconds;
        return kept.Answer with
        {
            Records = [.. kept.Answer.Records.Select(record => record with { TtlSeconds = Math.Max(0, Math.Min(record.TtlSeconds, _limit) - age) })],
            Takes = TimeSpan.Zero,
        };
    }

    public void Keep(DnsQuestion question, DnsAnswer answer, TimeSpan now)
    {
        var seconds = answer switch
        {
            { Code: DnsCode.ServerFailure } => FailureSeconds,
            { Code: DnsCode.NoError, Records.IsEmpty: false } => IsExcluded(_noSuccess, question) ? 0 : Math.Min(_limit, answer.Records.Min(static record => record.TtlSeconds)),
            { Code: DnsCode.NoError or DnsCode.NameError } => IsExcluded(_noDenial, question) ? 0 : Math.Min(_limit, DenialSeconds),
            _ => 0,
        };
        if (seconds == 0)
        {
            return;
        }

        if (_kept.Count >= Capacity)
        {
            _kept.Clear();
        }

        var done = now + answer.Takes;
        _kept[(question.Name, question.Type)] = (answer, done, done + TimeSpan.FromSeconds(seconds));
    }

    private static bool IsExcluded(ImmutableArray<string>? zones, DnsQuestion question) =>
        zones is { } excluded && (excluded.IsEmpty || ZoneNames.Longest(excluded, question.Name) is not null);

    private static ImmutableArray<string>? Disabled(CorefilePlugin plugin, string what)
    {
        foreach (var option in plugin.Options)
        {
            if (option is ["disable", var kind, .. var zones] && kind == what)
            {
                return [.. zones.Select(static zone => zone.TrimEnd('.'))];
            }
        }

        return null;
    }
}
