using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary>An object that a command line selected, as the server has it.</summary>
internal sealed record FoundObject(Target Target, Doc Value)
{
    public KubeResource Resource => Target.Resource;

    public string Name => Value.Text("metadata", "name") ?? Target.Name;

    public string Namespace => Value.Text("metadata", "namespace") ?? "";

    public string QualifiedName => Resource.NameOf(Name);
}

/// <summary>Fetches everything that a query selects, one request after the other; what fails is kept for later.</summary>
internal sealed class ObjectFetch(Invocation call, ObjectQuery query, bool ignoreNotFound = false)
{
    public List<FoundObject> Found { get; } = [];

    public List<Failure> Failures { get; } = [];

    public IEnumerable<Wait> Run()
    {
        foreach (var target in query.Targets)
        {
            var isCollection = target is { Name: "", Manifest: null };
            var reply = call.Send(isCollection ? query.ListRequest(target) : ObjectQuery.GetRequest(target));
            yield return Wait.For(reply.Takes);
            if (!reply.IsSuccess)
            {
                var failure = call.FailureOf(reply);
                if (!failure.IsNotFound || !ignoreNotFound || isCollection)
                {
                    Failures.Add(failure);
                }

                if (reply.Response is null)
                {
                    yield break;
                }

                continue;
            }

            Take(target, reply.Response!, isCollection);
        }
    }

    // Objects in a list carry no kind of their own; kubectl fills it in from the list.
    private void Take(Target target, ApiResponse response, bool isCollection)
    {
        foreach (var item in isCollection ? response.Body.List("items") : [response.Body])
        {
            var whole = item.Text("kind") is null ? item.With(target.Resource.Kind, "kind").With(target.Resource.ApiVersion, "apiVersion") : item;
            Found.Add(new FoundObject(target, whole));
        }
    }
}
