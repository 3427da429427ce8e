using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>The name of the machine as a process sees it: a container has its pod's, from its own /etc/hostname.</summary>
internal static class HostNames
{
    public static string Of(Process process)
    {
        var written = process.Files.Read("/etc/hostname")?.Trim();
        return string.IsNullOrEmpty(written) ? process.Host.Name : written;
    }

    public static string ShortOf(Process process) => Of(process).Split('.')[0];
}
