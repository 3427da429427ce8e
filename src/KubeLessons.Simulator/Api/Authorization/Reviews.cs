using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Authorization;

/// <summary>
/// Answers the kinds that are questions and are never kept: who am I, may I, may somebody, is this token good
/// (pkg/registry/{authentication,authorization}).
/// </summary>
internal sealed class Reviews(ApiServer server)
{
    /// <summary>The answer; null when the kind is no question.</summary>
    public ApiResponse? Answer(ResourceKind kind, ApiRequest request)
    {
        if (request.Body is not { } body)
        {
            return null;
        }

        return kind.Name switch
        {
            "SelfSubjectAccessReview" => Access(kind, request, request.User, body),
            "SubjectAccessReview" or "LocalSubjectAccessReview" => Access(kind, request, UserOf(body), body),
            "SelfSubjectRulesReview" => Rules(kind, request, body),
            "SelfSubjectReview" => Made(kind, request, body, Doc.Obj(("userInfo", UserInfo(request.User)))),
            "TokenReview" => Token(kind, request, body),
            _ => null,
        };
    }

    private ApiResponse Access(ResourceKind kind, ApiRequest request, ApiUser user, Doc body)
    {
        var spec = body["spec"] ?? Doc.Empty;
        AccessQuestion question;
        if (spec["nonResourceAttributes"] is { } path)
        {
            question = AccessQuestion.OfPath(path.Text("path") ?? "") with { Verb = path.Text("verb") ?? "" };
        }
        else
        {
            var asked = spec["resourceAttributes"] ?? Doc.Empty;
            var sub = asked.Text("subresource") is { Length: > 0 } part ? "/" + part : "";
            question = new AccessQuestion(
                asked.Text("verb") ?? "", asked.Text("group") ?? "", asked.Text("resource") + sub, asked.Text("namespace") ?? "", asked.Text("name") ?? "");
        }

        var allowed = server.Authorizer.Allows(user, question, out var reason);
        return Made(kind, request, body, Doc.Obj(("allowed", allowed), ("reason", reason.Length > 0 ? reason : null)));
    }

    private ApiResponse Rules(ResourceKind kind, ApiRequest request, Doc body)
    {
        var rules = server.Authorizer.RulesOf(request.User, body.Text("spec", "namespace") ?? "").ToList();
        return Made(kind, request, body, Doc.Obj(
            ("resourceRules", Doc.Arr(rules.Where(rule => !rule.List("resources").IsEmpty))),
            ("nonResourceRules", Doc.Arr(rules.Where(rule => !rule.List("nonResourceURLs").IsEmpty))),
            ("incomplete", false)));
    }

    private ApiResponse Token(ResourceKind kind, ApiRequest request, Doc body)
    {
        var (user, fault) = server.Tokens.Check(body.Text("spec", "token") ?? "");
        return Made(kind, request, body, user is null
            ? Doc.Obj(("user", Doc.Empty), ("error", fault))
            : Doc.Obj(("authenticated", true), ("user", UserInfo(user))));
    }

    private static ApiUser UserOf(Doc body) => new(
        body.Text("spec", "user") ?? "", [.. body.List("spec", "groups").Select(group => group.AsText ?? "")]);

    private static DocObject UserInfo(ApiUser user) => Doc.Obj(
        ("username", user.Name), ("groups", Doc.Arr(user.Groups.Select(group => (Doc)group))));

    private static ApiResponse Made(ResourceKind kind, ApiRequest request, Doc body, Doc status) => new(201, Doc.Obj(
        ("kind", kind.Name),
        ("apiVersion", request.Resource.ApiVersion),
        ("metadata", Doc.Obj(("creationTimestamp", Doc.Null))),
        ("spec", body["spec"] ?? Doc.Empty),
        ("status", status)));
}
