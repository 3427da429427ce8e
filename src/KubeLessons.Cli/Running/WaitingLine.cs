using System.Globalization;
using KubeLessons.Lessons;

namespace KubeLessons.Cli.Running;

/// <summary>
/// One line on standard error that tells, second by second, what a real cluster is waited for and for how long at most. Only for a
/// terminal: elsewhere it would be noise.
/// </summary>
internal sealed class WaitingLine : IDisposable
{
    private const int LongestWords = 70;
    private readonly Session _session;
    private readonly string _words;
    private readonly TimeSpan _atMost;
    private readonly long _begun;
    private readonly ITimer _timer;

    public WaitingLine(Session session, CheckSpec check, TimeSpan atMost)
    {
        (_session, _atMost, _begun) = (session, atMost, session.Surroundings.Clock.GetTimestamp());
        var words = string.Join(", ", Checks.CheckJudge.ConditionsOf(check).Except(check.Unless).Select(condition => condition.Text));
        _words = words.Length > LongestWords ? words[..LongestWords] + "…" : words;
        _timer = session.Surroundings.Clock.CreateTimer(_ => Show(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public void Dispose()
    {
        _timer.Dispose();
        _session.Error.Write("\r\u001b[K");
    }

    private void Show()
    {
        var waited = _session.Surroundings.Clock.GetElapsedTime(_begun);
        _session.Error.Write(string.Create(
            CultureInfo.InvariantCulture, $"\r\u001b[K  … {waited.TotalSeconds:0} / {_atMost.TotalSeconds:0} s  {_words}"));
    }
}
