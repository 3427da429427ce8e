using System.Globalization;
using System.Text;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>The process tools of a busybox image, as far as they differ from procps.</summary>
internal static class BusyboxProcessTools
{
    public static void AddTo(ProgramTable programs)
    {
        programs.Add("ps", Ps);
        programs.Add("pgrep", ProcessTools.Pgrep);
        programs.Add("pkill", ProcessTools.Pkill);
        programs.Add("pidof", ProcessTools.Pidof);
        programs.Add("killall", ProcessTools.Killall);
    }

    /// <summary>ps without options that matter: all processes, four columns.</summary>
    public static IEnumerable<Wait> Ps(Process self)
    {
        var text = new StringBuilder("PID   USER     TIME  COMMAND\n");
        foreach (var process in ProcessTools.Visible(self).OrderBy(process => process.IdSeenBy(self)))
        {
            var seconds = (long)ProcessUsage.CpuTime(process).TotalSeconds;
            text.Append(CultureInfo.InvariantCulture,
                $"{process.IdSeenBy(self),5} {process.Start.User,-8} {$"{seconds / 60}:{seconds % 60:00}",5} {ProcessUsage.CommandLine(process)}\n");
        }

        self.Output.Write(text.ToString());
        yield break;
    }
}
