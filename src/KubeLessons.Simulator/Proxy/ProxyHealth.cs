using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Http;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.KubeProxy;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Proxy;

/// <summary>
/// What kube-proxy answers about itself: /healthz on 10256 for load balancers, /proxyMode and /metrics on 127.0.0.1:10249, and on the
/// health check node ports how many endpoints of a Service are on this node (pkg/proxy/healthcheck).
/// </summary>
internal sealed class ProxyHealth(Process self, ProxyConfiguration configuration, KubernetesVersion version)
{
    private readonly Dictionary<int, Listener> _checks = [];
    private readonly Dictionary<int, (ProxiedPort Port, int Local)> _counts = [];
    private TimeSpan? _queuedAt;
    private TimeSpan? _updatedAt;
    private long _syncs;

    // A change that waits for two sync periods means that the proxy is stuck.
    private bool IsHealthy => _queuedAt is not { } queued || self.World.Now - queued < configuration.SyncPeriod * 2;

    public void Listen()
    {
        self.Listen(configuration.HealthzPort, new HttpService(Healthz));
        self.Listen(configuration.Metrics.Port, new HttpService(Metrics), address: configuration.Metrics.Address);
    }

    public void Queued() => _queuedAt ??= self.World.Now;

    /// <summary>The rules were written for these ports.</summary>
    public void Updated(IEnumerable<ProxiedPort> ports)
    {
        _queuedAt = null;
        _updatedAt = self.World.Now;
        _syncs++;
        _counts.Clear();
        foreach (var port in ports)
        {
            if (port.HealthCheckNodePort > 0)
            {
                _counts.TryAdd(port.HealthCheckNodePort, (port, port.Endpoints.Count(static endpoint => endpoint is { IsLocal: true, IsReady: true })));
            }
        }

        ListenOnHealthCheckPorts();
    }

    private void ListenOnHealthCheckPorts()
    {
        foreach (var number in _checks.Keys.Where(number => !_counts.ContainsKey(number)).ToList())
        {
            _checks[number].Close();
            _checks.Remove(number);
        }

        foreach (var number in _counts.Keys)
        {
            if (!_checks.ContainsKey(number) && self.Listen(number, new HttpService((_, _) => HealthCheck(number))) is { } listener)
            {
                _checks.Add(number, listener);
            }
        }
    }

    private HttpResponse HealthCheck(int number)
    {
        var (port, local) = _counts[number];
        var healthy = IsHealthy ? "true" : "false";
        var body = $"{{\n\t\"service\": {{\n\t\t\"namespace\": \"{port.Namespace}\",\n\t\t\"name\": \"{port.Service}\"\n\t}},\n\t\"localEndpoints\": {local},\n\t\"serviceProxyHealthy\": {healthy}\n}}";
        return Json(local > 0 && IsHealthy ? 200 : 503, body);
    }

    private HttpResponse Healthz(HttpRequest request, TimeSpan now)
    {
        if (request.Path != "/healthz" && !(request.Path == "/livez" && version.Minor >= 28))
        {
            return new HttpResponse(404, "404 page not found\n") { Headers = [("Content-Type", "text/plain; charset=utf-8")] };
        }

        // A healthy proxy is up to date as of now.
        var updated = IsHealthy ? now : _updatedAt ?? TimeSpan.Zero;
        var eligible = version.Minor >= 28 ? ",\"nodeEligible\": true" : "";
        return Json(IsHealthy ? 200 : 503, $"{{\"lastUpdated\": \"{GoTime(updated)}\",\"currentTime\": \"{GoTime(now)}\"{eligible}}}");
    }

    private HttpResponse Metrics(HttpRequest request, TimeSpan now) => request.Path switch
    {
        "/healthz" => Text("ok"),
        "/proxyMode" => Text("iptables"),
        "/metrics" => Text($"""
            # HELP kubeproxy_sync_proxy_rules_duration_seconds [ALPHA] SyncProxyRules latency in seconds
            # TYPE kubeproxy_sync_proxy_rules_duration_seconds histogram
            kubeproxy_sync_proxy_rules_duration_seconds_count {_syncs}
            # HELP kubeproxy_sync_proxy_rules_last_timestamp_seconds [ALPHA] The last time proxy rules were successfully synced
            # TYPE kubeproxy_sync_proxy_rules_last_timestamp_seconds gauge
            kubeproxy_sync_proxy_rules_last_timestamp_seconds {Unix(_updatedAt)}

            """),
        _ => new HttpResponse(404, "404 page not found\n"),
    };

    private long Unix(TimeSpan? time) => time is { } at ? (self.World.Epoch + at).ToUnixTimeSeconds() : 0;

    // Go's time.Time with %v.
    private string GoTime(TimeSpan time) => $"{self.World.Epoch + time:yyyy-MM-dd HH:mm:ss.ffffff} +0000 UTC";

    private static HttpResponse Text(string body) => new(200, body) { Headers = [("Content-Type", "text/plain; charset=utf-8")] };

    private static HttpResponse Json(int code, string body) =>
        new(code, body) { Headers = [("Content-Type", "application/json"), ("X-Content-Type-Options", "nosniff")] };
}
