using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts;

/// <summary>How Go's net package words a dial that failed, and how long it took to know.</summary>
public static class GoDial
{
    /// <summary>Such as <c>dial tcp 192.168.1.10:6443: connect: connection refused</c> and <c>dial tcp 10.0.0.9:80: i/o timeout</c>.</summary>
    public static string Describe(Exchange attempt, Ipv4Address address, int port) => $"dial tcp {address}:{port}: " + attempt.Error switch
    {
        Errno.TimedOut => "i/o timeout",
        var error => "connect: " + LowerFirst(error.Message()),
    };

    /// <summary>The time that was spent: until the answer, or until the dialer gave up on silence.</summary>
    public static TimeSpan Takes(Exchange attempt, TimeSpan timeout) =>
        attempt.Outcome == ExchangeOutcome.Lost || attempt.Elapsed > timeout ? timeout : attempt.Elapsed;

    // Go prints the errors of syscall in lower case.
    private static string LowerFirst(string text) => char.ToLowerInvariant(text[0]) + text[1..];
}
