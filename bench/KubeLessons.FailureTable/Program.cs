using KubeLessons.FailureTable;

// page [FILE]: runs everything on the simulator and writes the page from it and from the recording of the kit.
// simulate [NAME…]: shows what the simulator says.
// record SSH-CONFIG POWER-COMMAND FILE [NAME…]: runs on a kit and keeps what it showed in FILE, beside what is there.
switch (args)
{
    case ["page", .. var rest]:
        var file = rest is [var path] ? path : "docs/failure-table.md";
        File.WriteAllText(file, FailureTablePage.Today());
        return 0;
    case ["simulate", .. var names]:
        FailureExperiments.Simulate(Named(names), Say);
        return 0;
    case ["record", var sshConfig, var powerCommand, var output, .. var names]:
        Record(new RealLab(sshConfig, powerCommand), output, names);
        return 0;
    default:
        Console.Error.WriteLine("usage: page [FILE] | simulate [NAME…] | record SSH-CONFIG POWER-COMMAND FILE [NAME…]");
        return 2;
}

static IEnumerable<Experiment> Named(string[] names) =>
    FailureExperiments.All.Where(experiment => names.Length == 0 || names.Contains(experiment.Name, StringComparer.Ordinal));

static void Say(string line)
{
    if (line.Length > 0)
    {
        Console.WriteLine(line);
    }
}

static void Record(RealLab lab, string output, string[] names)
{
    var version = lab.Run("m-k8s", "kubelet --version").Output.Trim();
    foreach (var experiment in Named(names).Where(experiment => experiment.RunsOn(Side.Kit)))
    {
        Say($"{lab.Now:mm\\:ss} {experiment.Name}");
        var shown = ExperimentRun.Run(experiment, lab, Say);
        var recording = File.Exists(output) ? Recording.Parse(File.ReadAllText(output)) : Recording.Empty("", "");
        File.WriteAllText(output, (recording with
        {
            Lab = version,
            Date = $"{DateTime.UtcNow:yyyy-MM-dd}",
            Experiments = recording.Experiments.SetItem(experiment.Name, shown),
        }).ToJson());
    }
}
