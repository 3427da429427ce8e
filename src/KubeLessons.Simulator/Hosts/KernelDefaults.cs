using System.Collections.Immutable;
using System.Globalization;

namespace KubeLessons.Simulator.Hosts;

/// <summary>A kernel's settings right after it started, outside net.*: what Debian 12's kernel has on a machine of this size.</summary>
internal static class KernelDefaults
{
    /// <summary>Whether a value will do for a setting: a number where there is one, within the kernel's bounds (Documentation/admin-guide/sysctl).</summary>
    public static bool Takes(string key, string now, string value)
    {
        if (!long.TryParse(now, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            return true;
        }

        return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && key switch
        {
            "vm.overcommit_memory" or "vm.panic_on_oom" => number is >= 0 and <= 2,
            "vm.swappiness" => number is >= 0 and <= 200,
            "kernel.pid_max" => number is >= 301 and <= 4_194_304,
            "kernel.panic" => true,
            _ => number >= 0,
        };
    }

    public static ImmutableArray<(string Key, string Value)> Sysctls { get; } =
    [
        ("fs.file-max", "9223372036854775807"),
        ("fs.inotify.max_user_instances", "128"),
        ("fs.inotify.max_user_watches", "65536"),
        ("fs.nr_open", "1048576"),
        ("kernel.osrelease", Machine.KernelRelease),
        ("kernel.ostype", "Linux"),
        ("kernel.panic", "0"),
        ("kernel.panic_on_oops", "0"),
        ("kernel.pid_max", "4194304"),
        ("kernel.threads-max", "31436"),
        ("vm.max_map_count", "65530"),
        ("vm.overcommit_memory", "0"),
        ("vm.panic_on_oom", "0"),
        ("vm.swappiness", "60"),
    ];
}
