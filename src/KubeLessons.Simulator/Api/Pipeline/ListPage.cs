using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api.Pipeline;

/// <summary>
/// A list, or one page of it. A continue token names the revision of the first page and the last key that was given, as
/// k8s.io/apiserver's do, so that all pages show one state.
/// </summary>
internal sealed record ListPage(IReadOnlyList<ObjectVersion> Objects, long Revision, string? Continue, long? Remaining)
{
    private const string TooOld =
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue "
        + "parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided "
        + "token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was "
        + "returned and now may show up in the list.";

    public static (ListPage? Page, ApiResponse? Fault) Read(Selection selection, ObjectStore store, ApiOptions options)
    {
        var revision = store.Revision;
        var after = "";
        if (options.Continue is { Length: > 0 } token)
        {
            if (!TryDecode(token, out revision, out after))
            {
                return (null, ApiStatus.BadRequest("continue key is not valid"));
            }

            if (revision < 0)
            {
                revision = store.Revision;
            }
            else if (revision < store.CompactedRevision)
            {
                return (null, Expired(after));
            }
        }
        else if (options is { ResourceVersion: not (null or "" or "0") } && (options.ResourceVersionMatch == "Exact" || IsExactByLimit(options)))
        {
            revision = long.Parse(options.ResourceVersion, CultureInfo.InvariantCulture);
            if (revision < store.CompactedRevision)
            {
                return (null, ApiStatus.Expired(revision, store.CompactedRevision));
            }
        }

        return (Cut(selection, selection.ListAt(store, revision), revision, after, options.Limit ?? 0), null);
    }

    // With a limit and no match rule a revision means exactly that revision (the API's older rule).
    private static bool IsExactByLimit(ApiOptions options) => options is { ResourceVersionMatch: null or "", Limit: > 0 };

    private static ListPage Cut(Selection selection, IEnumerable<ObjectVersion> all, long revision, string after, long limit)
    {
        if (limit <= 0 && after.Length == 0)
        {
            return new ListPage([.. all], revision, null, null);
        }

        var page = new List<ObjectVersion>();
        long rest = 0;
        foreach (var version in all)
        {
            if (after.Length > 0 && string.CompareOrdinal(KeyOf(version), after) <= 0)
            {
                continue;
            }

            if (limit <= 0 || page.Count < limit)
            {
                page.Add(version);
            }
            else
            {
                rest++;
            }
        }

        return rest == 0
            ? new ListPage(page, revision, null, null)
            : new ListPage(page, revision, Encode(revision, KeyOf(page[^1])), selection.HasSelectors ? null : rest);
    }

    private static string KeyOf(ObjectVersion version) => $"{version.Key.Namespace}\0{version.Key.Name}";

    private static string Encode(long revision, string key) =>
        Convert.ToBase64String(DocJson.WriteUtf8(Doc.Obj(("v", "meta.k8s.io/v1"), ("rv", revision), ("start", key))).Span)
            .TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static bool TryDecode(string token, out long revision, out string key)
    {
        (revision, key) = (0, "");
        var text = token.Replace('-', '+').Replace('_', '/');
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var length)
            || !DocJson.TryParse(bytes.AsSpan(0, length), out var value, out _)
            || value.Int("rv") is not { } found || value.Text("start") is not { } start)
        {
            return false;
        }

        (revision, key) = (found, start);
        return true;
    }

    private static ApiResponse Expired(string after)
    {
        var response = ApiStatus.Failure(410, "Expired", TooOld);
        return response with { Body = response.Body.With(Encode(-1, after), "metadata", "continue") };
    }
}
