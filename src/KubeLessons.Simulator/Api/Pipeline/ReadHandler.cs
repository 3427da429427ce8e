using System.Collections.Immutable;
using System.Globalization;
using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api.Pipeline;

/// <summary>Answers get, list and watch.</summary>
internal sealed class ReadHandler(ApiServer server)
{
    private ObjectStore Store => server.Store;

    public ApiResponse Get(ResourceKind kind, ApiRequest request)
    {
        if (CheckRevision(request) is { } fault)
        {
            return fault;
        }

        var found = Store.Get(new ObjectKey(kind.StorageName, request.Namespace, request.Name));
        if (found is null)
        {
            return ApiStatus.NotFound(request.Resource, request.Name);
        }

        return server.Answer(200, kind, request, server.Present(kind, request.Resource, found.Object!));
    }

    public ApiResponse List(ResourceKind kind, ApiRequest request)
    {
        if (CheckRevision(request) is { } early)
        {
            return early;
        }

        var (selection, fault) = Selection.Of(kind, request);
        if (fault is not null)
        {
            return fault;
        }

        var (page, expired) = ListPage.Read(selection!, Store, request.Options);
        if (expired is not null)
        {
            return expired;
        }

        var items = ImmutableArray.CreateBuilder<Doc>();
        foreach (var version in page!.Objects)
        {
            items.Add(server.Present(kind, request.Resource, version.Object!));
        }

        var list = Doc.Obj(
            ("kind", kind.Name + "List"),
            ("apiVersion", request.Resource.ApiVersion),
            ("metadata", Doc.Obj(
                ("resourceVersion", page.Revision.ToString(CultureInfo.InvariantCulture)),
                ("continue", page.Continue),
                ("remainingItemCount", page.Remaining is { } remaining ? (Doc)remaining : null))),
            ("items", new DocArray(items.DrainToImmutable())));
        return server.Answer(200, kind, request, list);
    }

    /// <summary>Starts a watch: from the given revision, or (unset, "0", or sendInitialEvents) from the state as it is now.</summary>
    public (ApiWatch? Watch, ApiResponse? Error) Watch(ResourceKind kind, ApiRequest request)
    {
        var (selection, fault) = Selection.Of(kind, request);
        if (fault is not null)
        {
            return (null, fault);
        }

        var options = request.Options;
        if (CheckInitialEvents(options) is { } invalid)
        {
            return (null, invalid);
        }

        var asked = options.ResourceVersion is null or "" or "0" ? 0
            : long.TryParse(options.ResourceVersion, NumberStyles.None, null, out var revision) ? revision : -1;
        if (asked < 0)
        {
            return (null, ApiStatus.InvalidResourceVersion(options.ResourceVersion!));
        }

        var startsWithState = asked == 0 || options.SendInitialEvents;
        var from = startsWithState ? Store.Revision : asked;
        if (from < Store.CompactedRevision)
        {
            return (null, ApiStatus.Expired(from, Store.CompactedRevision));
        }

        var initial = startsWithState ? selection!.List(Store).ToList() : [];
        var watch = new ApiWatch(
            Store, selection!.Log(Store), from, selection.Matches, Show, initial)
        {
            Kind = kind.Name,
            ApiVersion = request.Resource.ApiVersion,
            EndsInitialEventsWithBookmark = options is { SendInitialEvents: true, AllowWatchBookmarks: true },
            Disposed = server.Forget,
        };
        server.Remember(watch);
        return (watch, null);

        Doc Show(Doc value)
        {
            var shown = server.Present(kind, request.Resource, value);
            return options.AsTable ? server.Tables.Write(kind, shown, options.IncludeObject) : shown;
        }
    }

    // k8s.io/apimachinery: ValidateListOptions.
    private static ApiResponse? CheckInitialEvents(ApiOptions options)
    {
        if (options is { SendInitialEvents: true, ResourceVersionMatch: not "NotOlderThan" })
        {
            return ApiStatus.Failure(
                422,
                "Invalid",
                "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }

        return null;
    }

    private ApiResponse? CheckRevision(ApiRequest request)
    {
        if (request.Options.ResourceVersion is not { Length: > 0 } text)
        {
            return null;
        }

        if (!long.TryParse(text, NumberStyles.None, null, out var asked))
        {
            return ApiStatus.InvalidResourceVersion(text);
        }

        return asked > Store.Revision ? ApiStatus.ResourceVersionTooLarge(asked, Store.Revision) : null;
    }
}
