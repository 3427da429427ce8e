using System.Globalization;
using System.Text;
using System.Text.Json;
using KubeLessons.Clusters;
using KubeLessons.RealCluster.Api;
using KubeLessons.RealCluster.Nodes;

namespace KubeLessons.RealCluster.Observation;

/// <summary>
/// Follows all objects of one resource: a list, then a watch from the list's version on. A watch that ends is opened again where it
/// was; where the server has forgotten that version (410 Gone) the objects are listed again and compared, so nothing stays unnoticed
/// (source: Kubernetes documentation, API concepts, "Efficient detection of changes").
/// </summary>
internal sealed class ResourceWatch(ApiConnection api, ServedResource resource, NodeNames names, ChangeRecord record)
{
    private const int Gone = 410;
    private const int WatchSeconds = 240;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CatchUpAtMost = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectId, ulong> _known = [];
    private string _version = "";
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ServedResource Resource => resource;

    /// <summary>How often the watch had to be opened again after a fault, and how often all had to be listed again.</summary>
    public (int Reconnects, int Relists) Repairs { get; private set; }

    /// <summary>Lists all objects and records what is not known yet. Fails with <see cref="ApiFault"/>.</summary>
    public async Task ListAsync(CancellationToken cancellation)
    {
        using var list = await api.GetAsync(resource.Path, cancellation, ApiConnection.Patient).ConfigureAwait(false)
            ?? throw new ApiFault(404, $"{resource.Id} are not served any more");
        Compare(Listed(list), list.RootElement.GetProperty("metadata").GetProperty("resourceVersion").GetString()!);
    }

    /// <summary>Watches until it is cancelled.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        var pause = FirstPause;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                if (await WatchOnceAsync(cancellation).ConfigureAwait(false))
                {
                    pause = FirstPause;
                    continue;
                }

                await ListAsync(cancellation).ConfigureAwait(false);
                Repairs = (Repairs.Reconnects, Repairs.Relists + 1);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is ApiFault or JsonException || ApiConnection.IsUnreachable(fault))
            {
                Repairs = (Repairs.Reconnects + 1, Repairs.Relists);
                await Task.Delay(pause, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>
    /// Waits until the watch has brought all that a list shows now, so that whoever has just changed something finds it recorded. A
    /// watch that lags too long is overtaken by the list.
    /// </summary>
    public async Task CatchUpAsync(CancellationToken cancellation)
    {
        using var list = await api.GetAsync(resource.Path, cancellation).ConfigureAwait(false);
        if (list is null)
        {
            return;
        }

        var listed = Listed(list);
        var begun = api.Clock.Here;
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (IsUpTo(listed))
                {
                    return;
                }

                changed = _changed.Task;
            }

            var left = CatchUpAtMost - (api.Clock.Here - begun);
            if (left <= TimeSpan.Zero)
            {
                break;
            }

            await Task.WhenAny(changed, Task.Delay(left, cancellation)).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
        }

        Compare(listed, null);
    }

    private static ulong VersionOf(JsonElement item) =>
        ulong.TryParse(item.GetProperty("metadata").GetProperty("resourceVersion").GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : 0;

    // True: it ended as watches do, and goes on where it was. False: everything must be listed again.
    private async Task<bool> WatchOnceAsync(CancellationToken cancellation)
    {
        var path = $"{resource.Path}?watch=1&allowWatchBookmarks=true&timeoutSeconds={WatchSeconds}&resourceVersion={_version}";
        using var response = await api.OpenStreamAsync(path, cancellation).ConfigureAwait(false);
        if ((int)response.StatusCode == Gone)
        {
            return false;
        }

        if (!response.IsSuccessStatusCode)
        {
            throw new ApiFault((int)response.StatusCode, response.ReasonPhrase ?? "");
        }

        using var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            if (line.Length > 0 && !Take(line))
            {
                return false;
            }
        }

        return true;
    }

    private bool Take(string line)
    {
        using var document = JsonDocument.Parse(names.InDocument(line));
        var type = document.RootElement.GetProperty("type").GetString();
        var item = document.RootElement.GetProperty("object");
        if (type == "ERROR")
        {
            return item.TryGetProperty("code", out var code) && code.GetInt32() == Gone
                ? false
                : throw new ApiFault(500, item.GetRawText());
        }

        lock (_gate)
        {
            _version = item.GetProperty("metadata").GetProperty("resourceVersion").GetString()!;
            if (type != "BOOKMARK")
            {
                See(IdOf(item), VersionOf(item), type == "DELETED" ? null : item.GetRawText());
            }
        }

        return true;
    }

    private Dictionary<ObjectId, (ulong Version, string Json)> Listed(JsonDocument list)
    {
        var kind = resource.Kind;
        var apiVersion = resource.GroupPath[(resource.GroupPath.IndexOf('/', 1) + 1)..];
        var listed = new Dictionary<ObjectId, (ulong, string)>();
        foreach (var raw in list.RootElement.GetProperty("items").EnumerateArray())
        {
            // The items of a list do not say what they are.
            var json = names.InDocument($$"""{"apiVersion":"{{apiVersion}}","kind":"{{kind}}",{{raw.GetRawText().AsSpan(1)}}""");
            using var item = JsonDocument.Parse(json);
            listed[IdOf(item.RootElement)] = (VersionOf(item.RootElement), json);
        }

        return listed;
    }

    private void Compare(Dictionary<ObjectId, (ulong Version, string Json)> listed, string? version)
    {
        lock (_gate)
        {
            foreach (var gone in _known.Keys.Where(id => !listed.ContainsKey(id)).ToList())
            {
                See(gone, ulong.MaxValue, null);
            }

            foreach (var (id, item) in listed)
            {
                See(id, item.Version, item.Json);
            }

            _version = version ?? _version;
        }
    }

    private bool IsUpTo(Dictionary<ObjectId, (ulong Version, string Json)> listed) =>
        listed.All(item => _known.TryGetValue(item.Key, out var version) && version >= item.Value.Version)
        && _known.Keys.All(listed.ContainsKey);

    private void See(ObjectId id, ulong version, string? json)
    {
        var isKnown = _known.TryGetValue(id, out var known);
        if (json is null ? !isKnown : isKnown && version <= known)
        {
            return;
        }

        if (json is null)
        {
            _known.Remove(id);
            record.Add(at => new ObjectChange(at, id, null, ""));
        }
        else
        {
            _known[id] = version;
            record.Add(at => new ObjectChange(at, id, new ObservedObject(id, at, () => Encoding.UTF8.GetBytes(json)), ManagedBy(json)));
        }

        var signal = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        signal.TrySetResult();
    }

    // Who wrote last, as the server keeps book of it (metadata.managedFields).
    private static string ManagedBy(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (!document.RootElement.GetProperty("metadata").TryGetProperty("managedFields", out var fields) || fields.ValueKind != JsonValueKind.Array)
        {
            return "";
        }

        return fields.EnumerateArray()
            .Where(field => field.TryGetProperty("time", out _) && field.TryGetProperty("manager", out _))
            .MaxBy(field => field.GetProperty("time").GetString(), StringComparer.Ordinal) is { ValueKind: JsonValueKind.Object } last
            ? last.GetProperty("manager").GetString() ?? ""
            : "";
    }

    private ObjectId IdOf(JsonElement item)
    {
        var metadata = item.GetProperty("metadata");
        var ns = metadata.TryGetProperty("namespace", out var space) ? space.GetString() ?? "" : "";
        return new ObjectId(resource.Id, ns, metadata.GetProperty("name").GetString()!);
    }
}
