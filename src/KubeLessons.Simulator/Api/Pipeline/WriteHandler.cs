using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Api.Schema;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api.Pipeline;

/// <summary>Answers create and update, of objects and of the subresources that are a part of their object.</summary>
internal sealed class WriteHandler(ApiServer server)
{
    private const string Modified = "the object has been modified; please apply your changes to the latest version and try again";

    private ObjectStore Store => server.Store;

    public ApiResponse Create(ResourceKind kind, ApiRequest request)
    {
        var (decoded, fault) = RequestBody.Decode(server, kind, request);
        if (fault is not null)
        {
            return fault;
        }

        var context = new RuleContext(server, request);
        var (value, warnings) = decoded!.Value;
        var ns = kind.IsNamespaced ? request.Namespace.Length > 0 ? request.Namespace : value.Text("metadata", "namespace") ?? "" : "";
        if (CheckNamespace(kind, value, ns) is { } wrongNamespace)
        {
            return wrongNamespace;
        }

        if (value.Text("metadata", "resourceVersion") is { Length: > 0 })
        {
            return ApiStatus.Failure(500, "", "resourceVersion should not be set on objects to be created");
        }

        value = ObjectMeta.Stamp(value, kind, ns, context);
        value = kind.Rules.Default(value, context);
        var name = value.Text("metadata", "name") ?? "";
        var admission = new Admission.AdmissionRequest(ApiVerb.Create, kind, ns, name, null, context) { Object = value };
        if (server.Admission.Admit(admission) is { } refusal)
        {
            return refusal;
        }

        value = admission.Object!;
        if (kind.Find("status") is not null && !kind.KeepsStatusOnCreate)
        {
            value = value.With(BlankStatus(kind), "status");
        }

        value = kind.Rules.PrepareForCreate(value, context);
        var errors = new FieldErrors();
        ObjectMeta.Validate(value, kind, errors);
        kind.Rules.Validate(value, errors, context);
        if (!errors.IsEmpty)
        {
            return errors.ToResponse(kind, name);
        }

        var key = new ObjectKey(kind.StorageName, ns, name);
        if (Store.Get(key) is not null)
        {
            return ApiStatus.AlreadyExists(request.Resource, name);
        }

        var made = Commit(key, value, request);
        return server.Answer(201, kind, request, server.Present(kind, request.Resource, made)) with { Warnings = [.. warnings] };
    }

    public ApiResponse Update(ResourceKind kind, ApiRequest request)
    {
        var current = Store.Get(new ObjectKey(kind.StorageName, request.Namespace, request.Name));
        var (decoded, fault) = RequestBody.Decode(server, kind, request, current?.Object);
        if (fault is not null)
        {
            return fault;
        }

        var (value, warnings) = decoded!.Value;
        if (CheckNamespace(kind, value, kind.IsNamespaced ? request.Namespace : "") is { } wrongNamespace)
        {
            return wrongNamespace;
        }

        var bodyName = value.Text("metadata", "name") ?? "";
        if (bodyName != request.Name)
        {
            return ApiStatus.BadRequest(bodyName.Length == 0
                ? "the name of the object (based on URL) was undeterminable: name must be provided"
                : $"the name of the object ({bodyName}) does not match the name on the URL ({request.Name})");
        }

        if (current is null)
        {
            return kind.CreatesOnUpdate && request.Subresource.Length == 0 && value.Text("metadata", "uid") is null or ""
                ? Create(kind, request with { Name = "", Body = value.Without("metadata", "resourceVersion") })
                : ApiStatus.NotFound(request.Resource, request.Name);
        }

        var response = Replace(kind, request, current, value);
        return warnings.Count == 0 ? response : response with { Warnings = [.. warnings] };
    }

    /// <summary>Puts a new state in place of the current one, after all checks.</summary>
    public ApiResponse Replace(ResourceKind kind, ApiRequest request, ObjectVersion current, Doc value)
    {
        var before = current.Object!;
        if (CheckPreconditions(kind, request, value, before) is { } conflict)
        {
            return conflict;
        }

        var context = new RuleContext(server, request);
        var isStatus = request.Subresource.Length > 0;
        value = ObjectMeta.Keep(value.With(before["apiVersion"], "apiVersion").With(before["kind"], "kind"), before);
        value = kind.Rules.Default(value, context);
        var admission = new Admission.AdmissionRequest(ApiVerb.Update, kind, current.Key.Namespace, request.Name, before, context)
        {
            Object = value,
        };
        if (server.Admission.Admit(admission) is { } refusal)
        {
            return refusal;
        }

        value = Prepare(kind, request.Subresource, admission.Object!, before, context);
        var errors = new FieldErrors();
        ObjectMeta.Validate(value, kind, errors);
        if (!isStatus)
        {
            kind.Rules.Validate(value, errors, context);
            kind.Rules.ValidateUpdate(value, before, errors, context);
        }

        if (!errors.IsEmpty)
        {
            return errors.ToResponse(kind, request.Name);
        }

        if (!ObjectMeta.Differs(value, before))
        {
            return server.Answer(200, kind, request, server.Present(kind, request.Resource, before));
        }

        var key = current.Key;
        var saved = server.Deletions.IsDueNow(kind, value)
            ? CommitDeletion(key, value, request)
            : Commit(key, value, request);
        return server.Answer(200, kind, request, server.Present(kind, request.Resource, saved));
    }

    // A creator cannot give a status: it is what the kind prints when nothing is set.
    private Doc? BlankStatus(ResourceKind kind) =>
        server.Schema.Find(kind.Group, kind.Versions[0], kind.Name) is { } type
            ? type.Always.FirstOrDefault(each => each.Field == "status").Value
            : null;

    /// <summary>Commits a state unless the request is a dry run; the answer is the state as it stands (or would stand) in the store.</summary>
    public Doc Commit(ObjectKey key, Doc value, ApiRequest request) =>
        request.Options.DryRun ? value : server.Commit(key, value, request);

    private Doc CommitDeletion(ObjectKey key, Doc last, ApiRequest request)
    {
        if (!request.Options.DryRun)
        {
            server.Commit(key, null, request);
        }

        return last;
    }

    private static Doc Prepare(ResourceKind kind, string subresource, Doc value, Doc before, RuleContext context)
    {
        switch (subresource)
        {
            case "status" or "approval":
                var withStatus = before.With(value["status"], "status").With(value["metadata"], "metadata");
                return kind.Rules.PrepareForStatusUpdate(withStatus, before, context);
            case "":
                value = kind.Find("status") is null ? value : value.With(before["status"], "status");
                value = kind.Rules.PrepareForUpdate(value, before, context);
                return kind.HasGeneration && SpecDiffers(value, before) ? ObjectMeta.BumpGeneration(value) : value;
            default:
                return value;
        }
    }

    // A kind without a spec (webhook configurations, endpoint slices) counts changes of all its other fields.
    private static bool SpecDiffers(Doc value, Doc before)
    {
        if (value["spec"] is { } spec && before["spec"] is { } old)
        {
            return !spec.Equals(old);
        }

        var bare = value.With(before["metadata"], "metadata").With(before["status"], "status");
        return !bare.Equals(before);
    }

    private static ApiResponse? CheckPreconditions(ResourceKind kind, ApiRequest request, Doc value, Doc before)
    {
        var resource = request.Resource;
        var (uid, oldUid) = (value.Text("metadata", "uid"), before.Text("metadata", "uid"));
        if (uid is { Length: > 0 } && uid != oldUid)
        {
            return ApiStatus.Conflict(
                resource, request.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {oldUid}");
        }

        var asked = value.Text("metadata", "resourceVersion");
        if (asked is null or "")
        {
            if (kind.NeedsResourceVersion && request.Verb == ApiVerb.Update)
            {
                var errors = new FieldErrors();
                errors.InvalidShown("metadata.resourceVersion", "0x0", "must be specified for an update");
                return errors.ToResponse(kind, request.Name);
            }

            return null;
        }

        return asked == before.Text("metadata", "resourceVersion") ? null : ApiStatus.Conflict(resource, request.Name, Modified);
    }

    private static ApiResponse? CheckNamespace(ResourceKind kind, Doc value, string ns)
    {
        var own = value.Text("metadata", "namespace") ?? "";
        if (!kind.IsNamespaced)
        {
            return own.Length == 0 ? null : ApiStatus.BadRequest("namespace is not allowed on this type");
        }

        if (ns.Length == 0)
        {
            return ApiStatus.MethodNotAllowed();
        }

        return own.Length == 0 || own == ns
            ? null
            : ApiStatus.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
    }
}
