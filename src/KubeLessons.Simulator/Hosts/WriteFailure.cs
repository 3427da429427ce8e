namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// How a program ends that finds, when it closes its standard output, that what it wrote was not taken: what it says, and
/// its exit code. The GNU tools (gnulib's closeout) and busybox agree on the words but for a few.
/// </summary>
internal static class WriteFailure
{
    public static (string Words, int ExitCode) Of(string program, string reason) => program switch
    {
        "sed" => ($"sed: couldn't flush stdout: {reason}\n", 4),
        "sort" => ($"sort: fflush failed: 'standard output': {reason}\nsort: write error\n", 2),
        "awk" or "mawk" => ($"{program}: close failed on file /dev/stdout ({reason})\n", 2),
        "ls" or "grep" or "diff" => ($"{program}: write error: {reason}\n", 2),
        "kubectl" or "crictl" or "etcdctl" => ($"error: write /dev/stdout: {reason.ToLowerInvariant()}\n", 1),
        _ => ($"{program}: write error: {reason}\n", 1),
    };
}
