using System.Net;
using System.Text;
using System.Text.Json;
using k8s;
using KubeLessons.Clusters;

namespace KubeLessons.RealCluster.Api;

/// <summary>
/// The connection to the API server. KubernetesClient brings the user's credentials and TLS; documents are read as they come,
/// because client classes would drop the fields that they do not know.
/// </summary>
internal sealed class ApiConnection : IDisposable
{
    /// <summary>How long an answer may take where a machine is busy, and nobody waits for it.</summary>
    public static readonly TimeSpan Patient = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(5);
    private readonly Kubernetes _client;

    private ApiConnection(Kubernetes client, ClusterClock clock, Kubeconfig kubeconfig) => (_client, Clock, Kubeconfig) = (client, clock, kubeconfig);

    public ClusterClock Clock { get; }

    public Kubeconfig Kubeconfig { get; }

    /// <summary>The generated client, for what has a model.</summary>
    public Kubernetes Client => _client;

    public static ApiConnection Open(Kubeconfig kubeconfig, ClusterClock clock)
    {
        try
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(kubeconfig.Json));
            var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(stream);
            return new ApiConnection(new Kubernetes(configuration), clock, kubeconfig);
        }
        catch (Exception fault) when (fault is k8s.Exceptions.KubeConfigException or FormatException or IOException)
        {
            throw new ClusterUnavailableException($"the context {kubeconfig.Context} cannot be used: {fault.Message}", fault);
        }
    }

    /// <summary>A document; null when there is none (404). Fails with <see cref="ApiFault"/>.</summary>
    public Task<JsonDocument?> GetAsync(string path, CancellationToken cancellation, TimeSpan? atMost = null) =>
        SendAsync(HttpMethod.Get, path, null, cancellation, atMost);

    /// <summary>Sends a request and reads the answer; null when the object is not there (404). Fails with <see cref="ApiFault"/>.</summary>
    public async Task<JsonDocument?> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellation, TimeSpan? patience = null)
    {
        using var atMost = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        atMost.CancelAfter(patience ?? Prompt);
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(_client.BaseUri, path)) { Content = body };
            using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, atMost.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }

            if (!response.IsSuccessStatusCode)
            {
                throw new ApiFault((int)response.StatusCode, await ReasonAsync(response, atMost.Token).ConfigureAwait(false));
            }

            var bytes = await response.Content.ReadAsByteArrayAsync(atMost.Token).ConfigureAwait(false);
            return bytes.Length == 0 || response.Content.Headers.ContentType?.MediaType == "text/plain" ? null : JsonDocument.Parse(bytes);
        }
        catch (Exception fault) when (IsUnreachable(fault) && !cancellation.IsCancellationRequested)
        {
            throw new ApiFault(0, Words(fault, patience ?? Prompt), fault);
        }
    }

    /// <summary>Opens a stream of lines, such as a watch. The answer's code is the caller's to judge.</summary>
    public async Task<HttpResponseMessage> OpenStreamAsync(string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_client.BaseUri, path));
        return await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Whether an exception says that the server did not answer, not that we are at fault.</summary>
    internal static bool IsUnreachable(Exception fault) =>
        fault is HttpRequestException or IOException or OperationCanceledException or System.Net.Sockets.SocketException;

    private static string Words(Exception fault, TimeSpan atMost) => fault switch
    {
        OperationCanceledException => $"no answer within {atMost.TotalSeconds:0} s",
        { InnerException: System.Security.Authentication.AuthenticationException inner } => inner.Message,
        { InnerException: { } inner } => inner.Message,
        _ => fault.Message,
    };

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var text = await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
        try
        {
            using var status = JsonDocument.Parse(text);
            return status.RootElement.TryGetProperty("message", out var message) ? message.GetString() ?? text : text;
        }
        catch (JsonException)
        {
            return text.Length > 0 ? text.Trim() : $"{(int)response.StatusCode} {response.ReasonPhrase}";
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption until, CancellationToken cancellation)
    {
        if (_client.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, cancellation).ConfigureAwait(false);
        }

        var sent = Clock.Here;
        var response = await _client.HttpClient.SendAsync(request, until, cancellation).ConfigureAwait(false);
        if (response.Headers.Date is { } date)
        {
            Clock.Learn(sent, Clock.Here, date);
        }

        return response;
    }
}

/// <summary>The API server did not answer (code 0), or answered with an error.</summary>
internal sealed class ApiFault(int code, string message, Exception? inner = null) : Exception(message, inner)
{
    public int Code => code;
}
