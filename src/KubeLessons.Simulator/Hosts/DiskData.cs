namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// What programs keep on a host's disk in forms of their own, such as etcd's database in <c>/var/lib/etcd</c>: one object a
/// directory. It outlives processes and power cuts, as files do.
/// </summary>
public sealed class DiskData
{
    private readonly List<Func<long>> _uses = [];

    private readonly Dictionary<string, object> _content = new(StringComparer.Ordinal);

    /// <summary>What is kept in a directory; null when nothing (of that kind) is.</summary>
    public T? Find<T>(string directory)
        where T : class => _content.GetValueOrDefault(directory) as T;

    public void Put(string directory, object content) => _content[directory] = content;

    public void Remove(string directory) => _content.Remove(directory);

    /// <summary>Called after something that takes room on the disk, beside the host's own files, may have changed.</summary>
    public event Action? UseChanged;

    /// <summary>The bytes that are taken beside the host's own files: by images, containers' layers.</summary>
    public long UsedBytes
    {
        get
        {
            var sum = 0L;
            foreach (var use in _uses)
            {
                sum += use();
            }

            return sum;
        }
    }

    /// <summary>Somebody keeps things on the disk, so many bytes when asked.</summary>
    public void AddUse(Func<long> bytes) => _uses.Add(bytes);

    public void TellUseChanged() => UseChanged?.Invoke();
}
