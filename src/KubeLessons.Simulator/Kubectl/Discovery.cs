using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubectl.Config;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl;

/// <summary>
/// Asks the server which kinds it has and keeps the answer on disk for six hours, as kubectl does below <c>~/.kube/cache/discovery</c>
/// (k8s.io/cli-runtime: discovery cache TTL): with a warm cache a dead server is noticed only by the request itself.
/// </summary>
internal static class Discovery
{
    /// <summary>How often kubectl asks before it gives up, when a kind was named by a word of its own.</summary>
    public const int ForWords = 5;

    /// <summary>The same for <c>TYPE/NAME</c> and for commands that know their kind.</summary>
    public const int ForNames = 4;

    public const int Once = 1;

    // client-go's words for an answer 401 (apimachinery: NewGenericServerResponse).
    private const string NotLoggedIn = "the server has asked for the client to provide credentials";

    private static readonly TimeSpan TimeToLive = TimeSpan.FromHours(6);

    /// <summary>Sets <see cref="Invocation.Mapper"/>, or fails the call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="attempts">So many times the server is asked, and so many complaints are printed, when it does not answer.</param>
    public static IEnumerable<Wait> Run(Invocation call, int attempts)
    {
        var failure = new FailureSlot();
        yield return Wait.Call(Run(call, attempts, failure));
        if (failure.Value is { } found)
        {
            call.Fail(found);
        }
    }

    /// <summary>The same, with the failure left to the caller.</summary>
    public static IEnumerable<Wait> Run(Invocation call, int attempts, FailureSlot failure)
    {
        if (call.Mapper is not null || !call.TryConnect(out _) || TryCache(call))
        {
            yield break;
        }

        for (var attempt = 1; attempt <= attempts; attempt++)
        {
            var reply = call.Send(Ask("/apis"));
            yield return Wait.For(reply.Takes);
            if (reply.Response is { Code: not 401 } groups)
            {
                var core = call.Send(Ask("/api"));
                yield return Wait.For(core.Takes);
                Take(call, [core.Response?.Body ?? Doc.Null, groups.Body]);
                yield break;
            }

            call.Err(Complaint(call, reply));
            failure.Value = reply.Response is null ? call.FailureOf(reply) : Failure.Of($"You must be logged in to the server ({NotLoggedIn})");
            failure.Reply = reply;
        }
    }

    private static ApiRequest Ask(string path) => new(ApiVerb.Get, default) { NonResourcePath = path, Accept = ApiMediaTypes.AggregatedDiscovery };

    private static void Take(Invocation call, ImmutableArray<Doc> answers)
    {
        call.Mapper = ResourceMapper.FromDiscovery(answers);
        if (answers.All(answer => answer.Text("kind") != "Status"))
        {
            var text = Doc.Obj(("answers", Doc.Arr(answers))).ToString();
            call.Mappers.Keep(text, call.Mapper);
            call.Self.Files.Write(CacheFile(call), text);
        }
    }

    private static bool TryCache(Invocation call)
    {
        var path = CacheFile(call);
        if (call.Self.Files.Find(path) is not { Kind: FileKind.File } file
            || call.World.UtcNow - file.Modified > TimeToLive)
        {
            return false;
        }

        call.Mapper = call.Mappers.Find(file.Content);
        if (call.Mapper is null && DocJson.TryParse(Encoding.UTF8.GetBytes(file.Content), out var cached, out _))
        {
            call.Mapper = call.Mappers.Keep(file.Content, ResourceMapper.FromDiscovery(cached.List("answers")));
        }

        return call.Mapper is not null;
    }

    private static string CacheFile(Invocation call)
    {
        var directory = call.Flags.Text("cache-dir") is { Length: > 0 } asked ? call.PathOf(asked) : KubectlConfig.HomeOf(call.Self) + "/.kube/cache";
        return $"{directory}/discovery/{call.ServerName.Replace(':', '_')}/servergroups.json";
    }

    // klog's header: severity, month, day, time, process, file:line.
    private static string Complaint(Invocation call, ApiReply reply)
    {
        var now = call.World.UtcNow.ToString("MMdd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        var timeout = call.Flags.Text("request-timeout") is { } asked and not "0" ? asked : "32s";
        return $"E{now} {call.Self.Id,7} memcache.go:265] \"Unhandled Error\" err=\"couldn't get current server API group list: "
            + (reply.Response is null ? $"Get \\\"{call.ServerUrl}/api?timeout={timeout}\\\": {reply.ConnectionError}\"\n" : NotLoggedIn + "\"\n");
    }
}

/// <summary>Where a routine leaves its failure for its caller.</summary>
internal sealed class FailureSlot
{
    public Failure? Value { get; set; }

    /// <summary>The reply that it came from, if it did.</summary>
    public ApiReply? Reply { get; set; }
}
