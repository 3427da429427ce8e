using System.Globalization;
using KubeLessons.Simulator.Hosts.Tools;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts.Proc;

/// <summary>
/// /proc (proc(5)) of a host, or of a container on it: the machine, its modules and mounts, the sysctls as files, and a directory for
/// each process. A container sees the network's settings of its own namespace.
/// </summary>
/// <param name="host">Whose kernel it is.</param>
/// <param name="network">The namespace of whoever looks.</param>
/// <param name="containerId">The container that looks; null: the host itself.</param>
/// <param name="files">The root that the mounts are listed of.</param>
internal sealed class ProcFiles(Host host, NetworkNamespace network, string? containerId, FileSystem files) : LiveTree
{
    private const int Readable = 0b100_100_100;
    private const int Writable = 0b110_100_100;

    private static readonly string[] _files = ["cpuinfo", "filesystems", "loadavg", "meminfo", "modules", "mounts", "swaps", "uptime", "version"];

    private static readonly string[] _processFiles = ["cgroup", "cmdline", "comm", "environ", "mounts", "status"];

    public override FileNode? Find(string path)
    {
        if (path == "/")
        {
            return Directory();
        }

        var words = path[1..].Split('/');
        return words switch
        {
            ["sys", .. var key] => Sysctl(key),
            [var name] when Array.IndexOf(_files, name) >= 0 => File(() => Text(name)),
            [var pid, .. var rest] when int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Process(id) is { } process => Of(process, rest),
            _ => null,
        };
    }

    public override IEnumerable<string> Paths()
    {
        foreach (var name in _files)
        {
            yield return "/" + name;
        }

        foreach (var process in Processes)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"/{process.Id}");
            foreach (var name in _processFiles)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"/{process.Id}/{name}");
            }
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in Keys)
        {
            var path = "/sys/" + key.Replace('.', '/');
            for (var slash = 4; slash > 0; slash = path.IndexOf('/', slash + 1))
            {
                if (seen.Add(path[..slash]))
                {
                    yield return path[..slash];
                }
            }

            yield return path;
        }
    }

    private IEnumerable<Process> Processes => containerId is null
        ? host.Processes.Running
        : host.Processes.Running.Where(process => process.ContainerId == containerId);

    private IEnumerable<string> Keys => containerId is null
        ? host.Kernel.Sysctls.Select(entry => entry.Key)
        : host.Kernel.Sysctls.Select(entry => entry.Key).Where(key => !IsNetwork(key)).Concat(network.Sysctls.Names);

    private static bool IsNetwork(string key) => key.StartsWith("net.", StringComparison.Ordinal);

    private Process? Process(int id) => Processes.FirstOrDefault(process => process.Id == id);

    private FileNode Directory() => new(FileKind.Directory, "", 0b101_101_101, "root", host.World.UtcNow);

    private FileNode File(Func<string> read, Action<string>? write = null, Func<string, string?>? whyNot = null) =>
        new(FileKind.File, "", write is null ? Readable : Writable, "root", host.World.UtcNow) { Live = new LiveText(read, write, whyNot) };

    private FileNode? Sysctl(string[] words)
    {
        var key = string.Join('.', words);
        if (key.Length > 0 && Value(key) is not null)
        {
            return File(() => Value(key) + "\n", text => Set(key, text.Trim()), text => WhyNot(key, text.Trim()));
        }

        return key.Length == 0 || Keys.Any(other => other.Length > key.Length && other[key.Length] == '.' && other.StartsWith(key, StringComparison.Ordinal)) ? Directory() : null;
    }

    private string? Value(string key) => containerId is not null && IsNetwork(key) ? network.Sysctls.Get(key) : host.Kernel.Sysctl(key);

    private string? WhyNot(string key, string value) =>
        value.Length == 0 || (containerId is null ? host.Kernel.Takes(key, value) : !IsNetwork(key) || network.Sysctls.Takes(key, value)) ? null : "Invalid argument";

    // Opening a file to write it empties it first, which means nothing here.
    private void Set(string key, string value)
    {
        if (value.Length == 0)
        {
            return;
        }

        if (containerId is null)
        {
            host.Kernel.SetSysctl(key, value);
        }
        else if (IsNetwork(key))
        {
            network.Sysctls.TrySet(key, value);
        }
    }

    private string Text(string name) => name switch
    {
        "cpuinfo" => string.Concat(Enumerable.Range(0, host.Machine.Cpus).Select(cpu => string.Create(
            CultureInfo.InvariantCulture, $"processor\t: {cpu}\nvendor_id\t: GenuineIntel\nmodel name\t: Intel Xeon Processor (Cascadelake)\ncpu MHz\t\t: 2095.078\ncpu cores\t: 1\n\n"))),
        "filesystems" => "nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tcgroup2\nnodev\tdevtmpfs\nnodev\tdevpts\n\text4\nnodev\toverlay\n",
        "loadavg" => LoadAverages(),
        "meminfo" => MemoryText.Of(host),
        "modules" => KernelTools.ProcModules(host),
        "mounts" => MountTable.Text(host, files, containerId),
        "swaps" => "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n",
        "uptime" => Uptime(),
        _ => $"Linux version {Machine.KernelRelease} (debian-kernel@lists.debian.org) {Machine.KernelVersion}\n",
    };

    private string LoadAverages()
    {
        var running = host.Processes.Running.ToList();
        return string.Create(
            CultureInfo.InvariantCulture, $"{ProcessTools.LoadAverages(host).Replace(",", "", StringComparison.Ordinal)} 1/{running.Sum(ProcessUsage.Threads)} {running[^1].Id}\n");
    }

    private string Uptime()
    {
        var up = host.World.Now - host.Machine.BootedAt;
        var busy = host.Processes.Running.Sum(process => ProcessUsage.CpuTime(process).TotalSeconds);
        return string.Create(CultureInfo.InvariantCulture, $"{up.TotalSeconds:0.00} {Math.Max(0, (up.TotalSeconds * host.Machine.Cpus) - busy):0.00}\n");
    }

    private FileNode? Of(Process process, string[] rest) => rest switch
    {
        [] => Directory(),
        ["cmdline"] => File(() => string.Concat(process.CommandLine.Select(word => word + "\0"))),
        ["comm"] => File(() => process.Name[..Math.Min(15, process.Name.Length)] + "\n"),
        ["environ"] => File(() => string.Concat(process.Environment.Select(entry => $"{entry.Key}={entry.Value}\0"))),
        ["cgroup"] => File(() => "0::" + (process.ContainerId is { } id ? $"/kubepods.slice/cri-containerd-{id}.scope" : "/system.slice/" + process.Name + ".service") + "\n"),
        ["mounts"] => File(() => MountTable.Text(host, process.Files, process.ContainerId)),
        ["status"] => File(() => Status(process)),
        _ => null,
    };

    private static string Status(Process process) => string.Create(CultureInfo.InvariantCulture,
        $"Name:\t{process.Name[..Math.Min(15, process.Name.Length)]}\nState:\tS (sleeping)\nTgid:\t{process.Id}\nPid:\t{process.Id}\nPPid:\t{(process.Start.Parent is { HasExited: false } parent ? parent.Id : 1)}\nVmSize:\t{ProcessUsage.VirtualBytes(process) / 1024,8} kB\nVmRSS:\t{ProcessUsage.ResidentBytes(process) / 1024,8} kB\nThreads:\t{ProcessUsage.Threads(process)}\n");
}
