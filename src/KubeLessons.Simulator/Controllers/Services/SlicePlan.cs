using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Services;

/// <summary>
/// How wanted endpoints are laid into slices: an endpoint that is in a slice already stays there, new ones fill the slices that
/// are there, the rest makes new ones, and slices that are left empty go.
/// </summary>
internal sealed class SlicePlan
{
    public SlicePlan(List<(Doc Ports, List<Doc> Endpoints)> wanted, List<Doc> existing)
    {
        var unused = new List<Doc>(existing);
        foreach (var (ports, endpoints) in wanted)
        {
            var own = existing.Where(slice => HasPorts(slice, ports)).ToList();
            unused.RemoveAll(own.Contains);
            Lay(ports, endpoints, own);
        }

        Dropped.AddRange(unused);
        while (Made.Count > 0 && Dropped.Count > 0)
        {
            // A slice that would go takes over what a new one would get: names stay, and watchers see one change in place of two.
            Kept.Add((Dropped[0].With(Named(Made[0].Ports), "ports"), Made[0].Endpoints));
            Dropped.RemoveAt(0);
            Made.RemoveAt(0);
        }
    }

    /// <summary>Slices that stay (with the ports that they shall have), and their endpoints.</summary>
    public List<(Doc Slice, Doc Endpoints)> Kept { get; } = [];

    /// <summary>New slices.</summary>
    public List<(Doc Ports, Doc Endpoints)> Made { get; } = [];

    public List<Doc> Dropped { get; } = [];

    /// <summary>In a slice a port without a name has the empty one.</summary>
    public static Doc Named(Doc ports) => Doc.Arr(ports.Items.Select(static port => port["name"] is null ? port.With("", "name") : port));

    private static bool HasPorts(Doc slice, Doc ports)
    {
        var its = slice.List("ports");
        if (its.Length != ports.Items.Length)
        {
            return false;
        }

        for (var i = 0; i < its.Length; i++)
        {
            if ((its[i].Text("name") ?? "") != (ports.Items[i].Text("name") ?? "")
                || its[i].Int("port") != ports.Items[i].Int("port")
                || its[i].Text("protocol") != ports.Items[i].Text("protocol"))
            {
                return false;
            }
        }

        return true;
    }

    private void Lay(Doc ports, List<Doc> endpoints, List<Doc> slices)
    {
        var left = endpoints.ToDictionary(static endpoint => IdentityOf(endpoint), StringComparer.Ordinal);
        var filled = new List<(Doc Slice, List<Doc> Endpoints)>();
        foreach (var slice in slices)
        {
            var kept = new List<Doc>();
            foreach (var endpoint in slice.List("endpoints"))
            {
                if (left.Remove(IdentityOf(endpoint), out var current))
                {
                    kept.Add(current);
                }
            }

            filled.Add((slice, kept));
        }

        var rest = new Queue<Doc>(endpoints.Where(endpoint => left.ContainsKey(IdentityOf(endpoint))));
        foreach (var (slice, kept) in filled)
        {
            while (kept.Count < EndpointSliceController.MaxEndpointsPerSlice && rest.TryDequeue(out var endpoint))
            {
                kept.Add(endpoint);
            }
        }

        var isFirst = true;
        foreach (var (slice, kept) in filled)
        {
            // One slice stays even when nothing is in it.
            if (kept.Count == 0 && !isFirst)
            {
                Dropped.Add(slice);
                continue;
            }

            isFirst = false;
            Kept.Add((slice, Doc.Arr(kept)));
        }

        while (rest.Count > 0 || isFirst)
        {
            isFirst = false;
            var next = new List<Doc>();
            while (next.Count < EndpointSliceController.MaxEndpointsPerSlice && rest.TryDequeue(out var endpoint))
            {
                next.Add(endpoint);
            }

            Made.Add((ports, Doc.Arr(next)));
        }
    }

    private static string IdentityOf(Doc endpoint) => endpoint.Text("targetRef", "uid") ?? endpoint.List("addresses")[0].AsText ?? "";
}
