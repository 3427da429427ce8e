namespace KubeLessons.Simulator.Hosts;

/// <summary>The commands that a host or an image has, by name. A shell looks here; what is missing is "command not found".</summary>
public sealed class ProgramTable
{
    private readonly SortedDictionary<string, ProgramMain> _programs = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _programs.Keys;

    public void Add(string name, ProgramMain main) => _programs[name] = main;

    /// <summary>The program of this name or absolute path; null when it is not installed.</summary>
    public ProgramMain? Find(string name) =>
        _programs.GetValueOrDefault(name.StartsWith('/') ? name[(name.LastIndexOf('/') + 1)..] : name);
}
