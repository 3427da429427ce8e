using System.Collections.Immutable;
using System.Globalization;
using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api.Rules.Services;

/// <summary>
/// Cluster IPs and node ports: which are taken, and new ones (pkg/registry/core/service/{ipallocator,portallocator}). What is
/// taken is read from the store's log, so that it is true after a rewind and with several servers over one store.
/// </summary>
internal sealed class ServiceAddresses
{
    private const int MaxTries = 1000;

    private readonly ApiServer _server;
    private readonly uint _base;
    private readonly uint _size;
    private readonly Dictionary<string, ObjectKey> _addresses = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Protocol, long Port), ObjectKey> _ports = [];
    private readonly List<(string Field, (string Value, string Detail) Message)> _faults = [];
    private ApiRequest? _faultsOf;
    private long _position;

    public ServiceAddresses(ApiServer server)
    {
        _server = server;
        var parts = server.Settings.ServiceClusterIpRange.Split('/');
        _base = ToNumber(parts[0]) ?? 0;
        _size = 1u << (32 - int.Parse(parts[1], CultureInfo.InvariantCulture));
        server.Store.Replaced += Forget;
    }

    /// <summary>The first address of the range: the <c>kubernetes</c> Service's.</summary>
    public string FirstAddress => ToText(_base + 1);

    /// <summary>What was wrong with the addresses and ports that this request asked for.</summary>
    public IEnumerable<(string Field, (string Value, string Detail) Message)> FaultsOf(RuleContext context) =>
        ReferenceEquals(_faultsOf, context.Request) ? _faults : [];

    /// <summary>A Service with an address and with node ports where its type wants them, and without where it does not.</summary>
    public Doc Allocate(Doc service, Doc? before, RuleContext context)
    {
        CatchUp();
        _faults.Clear();
        _faultsOf = context.Request;
        var key = new ObjectKey("services", service.Text("metadata", "namespace") ?? "", service.Text("metadata", "name") ?? "");
        var dice = _server.DiceForNextRevision();
        service = WithAddress(service, key, dice);
        return WithPorts(service, before, key, dice);
    }

    private static uint? ToNumber(string address)
    {
        var parts = address.Split('.');
        uint number = 0;
        foreach (var part in parts)
        {
            if (parts.Length != 4 || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                return null;
            }

            number = (number << 8) | value;
        }

        return number;
    }

    private static string ToText(uint address) => $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}";

    private Doc WithAddress(Doc service, ObjectKey key, SeededRandom dice)
    {
        var type = service.Text("spec", "type");
        if (type == "ExternalName")
        {
            return service.Without("spec", "clusterIP").Without("spec", "clusterIPs");
        }

        var asked = service.Text("spec", "clusterIP") is { Length: > 0 } ip ? ip : service.List("spec", "clusterIPs") is [var first, ..] ? first.AsText! : "";
        if (asked.Length == 0)
        {
            asked = NewAddress(dice);
        }
        else if (asked != "None")
        {
            CheckAddress(asked, key);
        }

        return service.With(asked, "spec", "clusterIP").With(Doc.Arr(asked), "spec", "clusterIPs");
    }

    private void CheckAddress(string asked, ObjectKey key)
    {
        var shown = $"[]string{{{GoText.Quote(asked)}}}";
        if (ToNumber(asked) is not { } number)
        {
            _faults.Add(("spec.clusterIPs[0]", (GoText.Quote(asked), "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")));
        }
        else if (number <= _base || number >= _base + _size - 1)
        {
            var range = _server.Settings.ServiceClusterIpRange;
            _faults.Add(("spec.clusterIPs", (shown, $"failed to allocate IP {asked}: the provided IP ({asked}) is not in the valid range. The range of valid IPs is {range}")));
        }
        else if (_addresses.TryGetValue(asked, out var owner) && owner != key)
        {
            _faults.Add(("spec.clusterIPs", (shown, $"failed to allocate IP {asked}: provided IP is already allocated")));
        }
    }

    // Since 1.26 the lower part of the range is left to those who ask for an address (ServiceIPStaticSubrange).
    private string NewAddress(SeededRandom dice)
    {
        var reserved = Math.Min(Math.Max(16, _size / 16), 256);
        for (var i = 0; i < MaxTries; i++)
        {
            var address = ToText(_base + reserved + (uint)dice.Next((int)(_size - reserved - 1)));
            if (!_addresses.ContainsKey(address))
            {
                return address;
            }
        }

        throw new InvalidOperationException($"No service address is free in {_server.Settings.ServiceClusterIpRange} (seed {_server.World.Seed}).");
    }

    private Doc WithPorts(Doc service, Doc? before, ObjectKey key, SeededRandom dice)
    {
        var type = service.Text("spec", "type");
        if (type is not ("NodePort" or "LoadBalancer"))
        {
            // A change away from these types gives the ports back, unless the writer asked for one by mistake.
            return before is null || before.Text("spec", "type") is not ("NodePort" or "LoadBalancer")
                ? service
                : service.In("spec", static spec => spec.Each("ports", static port => port.Without("nodePort")));
        }

        if (service.Flag("spec", "allocateLoadBalancerNodePorts") == false && type == "LoadBalancer")
        {
            return service;
        }

        var index = 0;
        var mine = new HashSet<(string, long)>();
        return service.In("spec", spec => spec.Each("ports", port =>
        {
            var at = $"spec.ports[{index++}].nodePort";
            var protocol = port.Text("protocol") ?? "TCP";
            if (port.Int("nodePort") is > 0 and var asked)
            {
                CheckPort(protocol, asked, key, at);
                mine.Add((protocol, asked));
                return port;
            }

            var number = NewPort(protocol, mine, dice);
            mine.Add((protocol, number));
            return port.With(number, "nodePort");
        }));
    }

    private void CheckPort(string protocol, long asked, ObjectKey key, string field)
    {
        var (first, last) = _server.Settings.ServiceNodePortRange;
        if (asked < first || asked > last)
        {
            _faults.Add((field, (asked.ToString(CultureInfo.InvariantCulture), $"provided port is not in the valid range. The range of valid ports is {first}-{last}")));
        }
        else if (_ports.TryGetValue((protocol, asked), out var owner) && owner != key)
        {
            _faults.Add((field, (asked.ToString(CultureInfo.InvariantCulture), "provided port is already allocated")));
        }
    }

    private long NewPort(string protocol, HashSet<(string, long)> mine, SeededRandom dice)
    {
        var (first, last) = _server.Settings.ServiceNodePortRange;
        for (var i = 0; i < MaxTries; i++)
        {
            long port = first + dice.Next(last - first + 1);
            if (!_ports.ContainsKey((protocol, port)) && !mine.Contains((protocol, port)))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No node port is free (seed {_server.World.Seed}).");
    }

    private void Forget()
    {
        _addresses.Clear();
        _ports.Clear();
        _position = 0;
    }

    private void CatchUp()
    {
        var store = _server.Store;
        if (_position < store.CompactedRevision)
        {
            Forget();
            foreach (var version in store.List("services"))
            {
                Take(version);
            }
        }
        else
        {
            foreach (var change in store.LogOf("services").After(_position))
            {
                Release(change.Before);
                Take(change.After);
            }
        }

        _position = store.Revision;
    }

    private void Take(ObjectVersion version) => ForEach(version, (address, key) => _addresses[address] = key, (port, key) => _ports[port] = key);

    private void Release(ObjectVersion? version)
    {
        if (version is not null)
        {
            ForEach(version, (address, _) => _addresses.Remove(address), (port, _) => _ports.Remove(port));
        }
    }

    private static void ForEach(ObjectVersion version, Action<string, ObjectKey> address, Action<(string, long), ObjectKey> port)
    {
        if (version.Object is not { } service)
        {
            return;
        }

        if (service.Text("spec", "clusterIP") is { Length: > 0 } ip and not "None")
        {
            address(ip, version.Key);
        }

        foreach (var each in service.List("spec", "ports"))
        {
            if (each.Int("nodePort") is > 0 and var number)
            {
                port((each.Text("protocol") ?? "TCP", number), version.Key);
            }
        }
    }
}
