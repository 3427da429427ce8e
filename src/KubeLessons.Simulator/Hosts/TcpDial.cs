using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// A program that opens a TCP connection and waits for it: the SYN is sent again 1, 3, 7, 15… seconds after the first one
/// (tcp(7), net.ipv4.tcp_syn_retries = 6), until somebody answers or the time is up.
/// </summary>
public sealed class TcpDial
{
    /// <summary>When the kernel itself gives up: after the wait that follows the sixth repetition.</summary>
    public static readonly TimeSpan KernelTimeout = TimeSpan.FromSeconds(127);

    /// <summary>The open connection; null when there is none.</summary>
    public Connection? Connection { get; private set; }

    /// <summary>How the last attempt ended; null before the first.</summary>
    public Exchange? Last { get; private set; }

    /// <summary>True when nobody answered in time.</summary>
    public bool TimedOut { get; private set; }

    /// <summary>
    /// Waits, as <paramref name="self"/>, for a connection. <paramref name="timeout"/> null: as long as the kernel tries. An open
    /// connection is closed when the process exits.
    /// </summary>
    public IEnumerable<Wait> Open(Process self, Ipv4Address to, int port, TimeSpan? timeout = null)
    {
        var deadline = self.World.Now + (timeout is { } limit && limit < KernelTimeout ? limit : KernelTimeout);
        var pause = TimeSpan.FromSeconds(1);
        while (true)
        {
            var sent = self.World.Now;
            var attempt = self.Network.Connect(to, port);
            Last = attempt;
            if (attempt.Connection is { } connection)
            {
                self.Keep(connection);
                Connection = connection;
            }

            var wait = attempt.Outcome == ExchangeOutcome.Lost ? pause : attempt.Elapsed;
            if (sent + wait > deadline)
            {
                yield return Wait.For(deadline - sent);
                if (Connection is { } late)
                {
                    self.Release(late);
                    Connection = null;
                }

                TimedOut = true;
                yield break;
            }

            yield return Wait.For(wait);
            if (attempt.Outcome != ExchangeOutcome.Lost)
            {
                yield break;
            }

            pause *= 2;
        }
    }
}
