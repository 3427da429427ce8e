namespace KubeLessons.Simulator.Hosts.Proc;

/// <summary>
/// Files that exist because something else does, such as those of /proc: they are looked for when somebody asks, and nothing can be
/// made or removed among them. Paths begin with "/" at the tree's own root.
/// </summary>
public abstract class LiveTree
{
    /// <summary>What is at a path now; null when nothing is.</summary>
    public abstract FileNode? Find(string path);

    /// <summary>All paths that there are now, in no order, the root not included.</summary>
    public abstract IEnumerable<string> Paths();
}

/// <summary>A live file from functions: what it says now, what becomes of text that is written to it, and which text is refused.</summary>
internal sealed class LiveText(Func<string> read, Action<string>? write = null, Func<string, string?>? whyNot = null) : LiveFile
{
    public override string Text => read();

    /// <summary>The kernel gives its files no size.</summary>
    public override long Length => 0;

    public override void Replace(string text) => write?.Invoke(text);

    public override string? WhyNot(string text) => whyNot?.Invoke(text);
}
