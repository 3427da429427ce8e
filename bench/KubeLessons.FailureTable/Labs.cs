namespace KubeLessons.FailureTable;

/// <summary>A cluster of one control plane node and two workers on which experiments run: simulated, or a real one.</summary>
internal interface ILab
{
    Side Side { get; }

    /// <summary>The time on the lab's clock.</summary>
    TimeSpan Now { get; }

    /// <summary>Runs a command line in bash on a machine and waits for its end.</summary>
    (int ExitCode, string Output) Run(string host, string command);

    /// <summary>Starts a command line that runs on without anybody at its terminal.</summary>
    void Start(string host, string command);

    void Power(string host, bool on);

    void Wait(TimeSpan duration);
}
