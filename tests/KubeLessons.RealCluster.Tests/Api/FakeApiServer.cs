using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Threading.Channels;
using KubeLessons.RealCluster.Api;

namespace KubeLessons.RealCluster.Tests.Api;

/// <summary>An API server of one resource, pods, whose every answer is written down by the test. It speaks HTTP on a port of its own.</summary>
internal sealed class FakeApiServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;
    private readonly Channel<HttpListenerContext> _watches = Channel.CreateUnbounded<HttpListenerContext>();

    public FakeApiServer()
    {
        for (var attempt = 0; ; attempt++)
        {
            Port = Random.Shared.Next(20000, 60000);
            _listener.Prefixes.Clear();
            _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
            try
            {
                _listener.Start();
                break;
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                // The port is somebody else's.
            }
        }

        _serving = ServeAsync();
    }

    public int Port { get; }

    /// <summary>What a list of pods answers: a version, and the pods with theirs.</summary>
    public (int Version, (string Name, int Version)[] Pods) List { get; set; } = (1, []);

    /// <summary>Answers for other paths: a code and a body.</summary>
    public ConcurrentDictionary<string, (int Code, string Body)> Others { get; } = new();

    /// <summary>The resource versions from which watches were asked for.</summary>
    public ConcurrentQueue<string> WatchedFrom { get; } = new();

    public static string Pod(string name, int version) =>
        $$$"""{"kind":"Pod","apiVersion":"v1","metadata":{"name":"{{{name}}}","namespace":"default","uid":"{{{name}}}-uid","resourceVersion":"{{{version}}}","futureField":true}}""";

    /// <summary>A connection to it, as a user's kubeconfig gives it.</summary>
    public ApiConnection Connect() => ApiConnection.Open(
        Kubeconfig.Parse(KubeconfigFor($"http://127.0.0.1:{Port}")), new ClusterClock(TimeProvider.System));

    public static string KubeconfigFor(string server) =>
        $$$"""
        {"kind":"Config","apiVersion":"v1","current-context":"lab",
         "clusters":[{"name":"c","cluster":{"server":"{{{server}}}"}}],
         "users":[{"name":"u","user":{"token":"t"}}],
         "contexts":[{"name":"lab","context":{"cluster":"c","user":"u"}}]}
        """;

    /// <summary>The next watch that the client opens.</summary>
    public async Task<FakeWatch> NextWatchAsync(CancellationToken cancellation) => new(await _watches.Reader.ReadAsync(cancellation));

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                if (context.Request.QueryString["watch"] == "1")
                {
                    WatchedFrom.Enqueue(context.Request.QueryString["resourceVersion"]!);
                    await _watches.Writer.WriteAsync(context);
                }
                else
                {
                    var (code, body) = Others.TryGetValue(context.Request.Url!.AbsolutePath, out var other) ? other : (200, ListBody());
                    context.Response.StatusCode = code;
                    context.Response.ContentType = "application/json";
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                    context.Response.Close();
                }
            }
        }
        catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private string ListBody() =>
        $$$"""{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"{{{List.Version}}}"},"items":[{{{string.Join(',', List.Pods.Select(pod => Pod(pod.Name, pod.Version)))}}}]}""";
}

/// <summary>A watch that a client has opened.</summary>
internal sealed class FakeWatch(HttpListenerContext context)
{
    private bool _begun;

    public async Task SendAsync(string type, string item)
    {
        if (!_begun)
        {
            context.Response.SendChunked = true;
            context.Response.ContentType = "application/json";
            _begun = true;
        }

        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes($$"""{"type":"{{type}}","object":{{item}}}""" + "\n"));
        await context.Response.OutputStream.FlushAsync();
    }

    public void End() => context.Response.Close();

    public void Break() => context.Response.Abort();

    public void Refuse(int code)
    {
        context.Response.StatusCode = code;
        context.Response.Close();
    }
}
