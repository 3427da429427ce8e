using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using static KubeLessons.Simulator.Tests.Api.ApiFixture;

namespace KubeLessons.Simulator.Tests.Api;

public sealed class AuthorizationTests
{
    private static readonly ApiUser Account = new(
        "system:serviceaccount:default:default", ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"]);

    private readonly ApiFixture _api = new();

    [Fact]
    public void Who_has_no_role_is_forbidden_in_kubernetes_words()
    {
        // The golden transcript 073-forbidden.
        var response = _api.Send(ApiRequest.List(Pods, "default") with { User = Account });

        (response.Code, response.Reason).ShouldBe((403, "Forbidden"));
        response.Message.ShouldBe(
            "pods is forbidden: User \"system:serviceaccount:default:default\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\"");
        _api.Send(ApiRequest.List(Nodes) with { User = ApiUser.Anonymous }).Message.ShouldBe(
            "nodes is forbidden: User \"system:anonymous\" cannot list resource \"nodes\" in API group \"\" at the cluster scope");
    }

    [Fact]
    public void A_role_and_its_binding_open_one_namespace()
    {
        _api.Create(new ResourcePath("rbac.authorization.k8s.io", "v1", "roles"), Json("""
            {"metadata":{"name":"r"},"rules":[{"apiGroups":[""],"resources":["pods","pods/log"],"verbs":["get","list"]}]}
            """));
        _api.Create(new ResourcePath("rbac.authorization.k8s.io", "v1", "rolebindings"), Json("""
            {"metadata":{"name":"b"},"roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"ServiceAccount","name":"default","namespace":"default"}]}
            """));

        _api.Send(ApiRequest.List(Pods, "default") with { User = Account }).Code.ShouldBe(200);
        _api.Send(ApiRequest.List(Pods, "kube-system") with { User = Account }).Code.ShouldBe(403);
        _api.Send(ApiRequest.Delete(Pods, "default", "x") with { User = Account }).Code.ShouldBe(403);
        _api.Server.Watch(new ApiRequest(ApiVerb.Watch, Pods) { Namespace = "default", User = Account }).Error!.Code.ShouldBe(403);
    }

    [Fact]
    public void Everybody_may_ask_what_he_may_and_nobody_without_a_name_more_than_version_and_health()
    {
        MayI(Account, "list", "pods").ShouldBe(false);
        MayI(ApiUser.Admin, "list", "pods").ShouldBe(true);
        Path("/version", ApiUser.Anonymous).ShouldBe(200);
        Path("/healthz", ApiUser.Anonymous).ShouldBe(200);
        Path("/apis", ApiUser.Anonymous).ShouldBe(403);
        Path("/apis", Account).ShouldBe(200);

        int Path(string path, ApiUser user) => _api.Send(new ApiRequest(ApiVerb.Get, default) { NonResourcePath = path, User = user }).Code;

        bool? MayI(ApiUser user, string verb, string resource) => _api.Send(new ApiRequest(ApiVerb.Create, new ResourcePath("authorization.k8s.io", "v1", "selfsubjectaccessreviews"))
        {
            User = user,
            Body = Doc.Obj(("spec", Doc.Obj(("resourceAttributes", Doc.Obj(("verb", verb), ("resource", resource), ("namespace", "default")))))),
        }).Body.Flag("status", "allowed");
    }

    [Fact]
    public void A_token_is_known_again_until_it_expires_or_its_account_goes()
    {
        var accounts = ResourcePath.Core("serviceaccounts");
        _api.Create(accounts, Json("""{"metadata":{"name":"default"}}"""));
        var token = _api.Send(ApiRequest.Create(accounts, "default", Json("""{"spec":{"expirationSeconds":600}}""")) with { Name = "default", Subresource = "token" })
            .Body.Text("status", "token")!;

        Review(token).Text("user", "username").ShouldBe(Account.Name);
        Review(token + "x").Text("error").ShouldBe("invalid bearer token");
        _api.World.Advance(TimeSpan.FromSeconds(601));
        Review(token).Flag("authenticated").ShouldBeNull();

        Doc Review(string text) => _api.Send(new ApiRequest(ApiVerb.Create, new ResourcePath("authentication.k8s.io", "v1", "tokenreviews"))
        {
            Body = Doc.Obj(("spec", Doc.Obj(("token", text)))),
        }).Body["status"]!;
    }
}
