using System.Globalization;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary>How far a change goes.</summary>
internal enum DryRun
{
    None,

    /// <summary>Nothing is sent.</summary>
    Client,

    /// <summary>The server does everything but keep it.</summary>
    Server,
}

internal static class DryRuns
{
    /// <summary>Reads <c>--dry-run</c>; a wrong value fails the call, and null comes back.</summary>
    public static DryRun? Of(Invocation call)
    {
        switch (call.Flags.TextOrEmpty("dry-run"))
        {
            case "" or "none":
                return DryRun.None;
            case "client":
                return DryRun.Client;
            case "server":
                return DryRun.Server;
            case "unchanged":
                var now = call.World.UtcNow.ToString("MMdd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
                call.Err($"W{now} {call.Self.Id,7} helpers.go:703] --dry-run is deprecated and can be replaced with --dry-run=client.\n");
                return DryRun.Client;
            case var other when bool.TryParse(other, out var flag):
                return flag ? DryRun.Client : DryRun.None;
            case var other:
                call.Fail($"Invalid dry-run value ({other}). Must be \"none\", \"server\", or \"client\".");
                return null;
        }
    }

    /// <summary>Put after an outcome: <c>created (dry run)</c>.</summary>
    public static string Suffix(this DryRun dryRun) => dryRun switch
    {
        DryRun.Client => " (dry run)",
        DryRun.Server => " (server dry run)",
        _ => "",
    };
}
