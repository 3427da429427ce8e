using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>A command in the background.</summary>
internal sealed record Job(int Number, Process Process, string Command)
{
    /// <summary>How <c>jobs</c> shows it.</summary>
    public string State => !Process.HasExited ? "Running"
        : Process.ExitCode == 0 ? "Done"
        : Process.ExitCode switch
        {
            128 + (int)ProcessSignal.Terminate => "Terminated",
            128 + (int)ProcessSignal.Kill => "Killed",
            128 + (int)ProcessSignal.Hangup => "Hangup",
            128 + (int)ProcessSignal.Interrupt => "Interrupt",
            _ => $"Exit {Process.ExitCode}",
        };
}

/// <summary>The background jobs of a shell, by number.</summary>
internal sealed class JobTable
{
    private readonly SortedDictionary<int, Job> _jobs = [];

    public IEnumerable<Job> All => _jobs.Values;

    public Job Add(Process process, string command)
    {
        var job = new Job(_jobs.Count == 0 ? 1 : _jobs.Keys.Last() + 1, process, command);
        _jobs.Add(job.Number, job);
        return job;
    }

    public void Remove(Job job) => _jobs.Remove(job.Number);

    public Job? OfProcess(int pid) => _jobs.Values.FirstOrDefault(job => job.Process.OwnId == pid);

    /// <summary>A job by <c>%1</c>, <c>%%</c>, <c>%+</c>, <c>%-</c> or the beginning of its command; null: there is none.</summary>
    public Job? Find(string specification)
    {
        var name = specification.TrimStart('%');
        return name switch
        {
            "" or "%" or "+" => _jobs.Values.LastOrDefault(),
            "-" => _jobs.Count > 1 ? _jobs.Values.SkipLast(1).Last() : _jobs.Values.LastOrDefault(),
            _ when int.TryParse(name, out var number) => _jobs.GetValueOrDefault(number),
            ['?', .. var part] => _jobs.Values.FirstOrDefault(job => job.Command.Contains(part)),
            _ => _jobs.Values.FirstOrDefault(job => job.Command.StartsWith(name, StringComparison.Ordinal)),
        };
    }

    /// <summary>The line that <c>jobs</c> prints, and the shell when a job has ended.</summary>
    public string Describe(Job job, bool withPid = false)
    {
        var mark = job == _jobs.Values.LastOrDefault() ? '+' : job == _jobs.Values.SkipLast(1).LastOrDefault() ? '-' : ' ';
        var pid = withPid ? $"{job.Process.OwnId} " : " ";
        return $"[{job.Number}]{mark} {pid}{job.State,-23} {job.Command}{(job.Process.HasExited ? "" : " &")}";
    }
}
