namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// What programs keep on a host's disk in forms of their own, such as etcd's database in <c>/var/lib/etcd</c>: one object a
/// directory. It outlives processes and power cuts, as files do.
/// </summary>
public sealed class DiskData
{
    private readonly Dictionary<string, object> _content = new(StringComparer.Ordinal);

    /// <summary>What is kept in a directory; null when nothing (of that kind) is.</summary>
    public T? Find<T>(string directory)
        where T : class => _content.GetValueOrDefault(directory) as T;

    public void Put(string directory, object content) => _content[directory] = content;

    public void Remove(string directory) => _content.Remove(directory);
}
