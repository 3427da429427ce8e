namespace KubeLessons.RealCluster.Safety;

/// <summary>The contexts that their user has marked as labs: clusters that may be broken. A line for each, of context and server.</summary>
internal sealed class LabMarks(string stateFolder)
{
    private string File => Path.Combine(stateFolder, "labs");

    public bool Has(string context, string server) => All().Contains(Line(context, server));

    public void Add(string context, string server)
    {
        Directory.CreateDirectory(stateFolder);
        System.IO.File.WriteAllLines(File, All().Append(Line(context, server)).Distinct());
    }

    // The server belongs to it: a context of the same name may be another cluster tomorrow.
    private static string Line(string context, string server) => $"{context}\t{server}";

    private IEnumerable<string> All() => System.IO.File.Exists(File) ? System.IO.File.ReadAllLines(File) : [];
}
