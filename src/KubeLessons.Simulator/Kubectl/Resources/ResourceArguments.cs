using System.Collections.Immutable;

namespace KubeLessons.Simulator.Kubectl.Resources;

/// <summary>What a verb allows its arguments to be.</summary>
internal sealed record ArgumentRules
{
    /// <summary>A kind alone means all of its objects.</summary>
    public bool AllowsKindAlone { get; init; }

    /// <summary>An argument without a kind is an object of this one (<c>kubectl logs web</c>).</summary>
    public string DefaultKind { get; init; } = "";

    /// <summary>The arguments to read; null: all.</summary>
    public ImmutableArray<string>? Arguments { get; init; }

    /// <summary>The selector flag means something else here (<c>kubectl expose --selector</c>).</summary>
    public bool IgnoresSelector { get; init; }
}

/// <summary>
/// Turns TYPE NAME, TYPE/NAME, selectors and files into what they select, with the complaints of kubectl's resource builder
/// (k8s.io/cli-runtime/pkg/resource).
/// </summary>
internal sealed class ResourceArguments(Invocation call, ArgumentRules rules)
{
    private const string Missing = """
        You must provide one or more resources by argument or filename.
        Example resource specifications include:
           '-f rsrc.yaml'
           '--filename=rsrc.json'
           '<resource> <name>'
           '<resource>'
        """;

    /// <summary>What is selected; meaningful unless the call has failed.</summary>
    public ObjectQuery Query { get; private set; } = ObjectQuery.Nothing;

    private ImmutableArray<string> Args => rules.Arguments ?? call.Args;

    private string Selector => rules.IgnoresSelector ? "" : call.Flags.TextOrEmpty("selector");

    private bool HasSelector => Selector.Length > 0 || FieldSelector.Length > 0 || call.Flags.Flag("all");

    private string FieldSelector => call.Flags.TextOrEmpty("field-selector");

    private ImmutableArray<string> Files => call.Flags.Specs.ContainsKey("filename") ? call.Flags.List("filename") : [];

    public IEnumerable<Wait> Read()
    {
        if (!Files.IsEmpty)
        {
            if (!Args.IsEmpty)
            {
                call.Fail("when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well");
                yield break;
            }

            yield return Wait.Call(ReadFiles());
            yield break;
        }

        var pairs = Args.Any(arg => arg.Contains('/', StringComparison.Ordinal));
        if (Complaint(pairs) is { } complaint)
        {
            call.Fail(complaint);
            yield break;
        }

        yield return Wait.Call(Discovery.Run(call, pairs || rules.DefaultKind.Length > 0 ? Discovery.ForNames : Discovery.ForWords));
        if (call.HasFailed || call.Mapper is not { } mapper)
        {
            yield break;
        }

        if (pairs)
        {
            ReadPairs(mapper);
        }
        else
        {
            ReadWords(mapper);
        }
    }

    // What can be said before the server is asked.
    private string? Complaint(bool pairs)
    {
        if (!pairs)
        {
            return Args.IsEmpty && rules.DefaultKind.Length == 0 ? (HasSelector ? "at least one resource must be specified to use a selector" : Missing) : null;
        }

        foreach (var arg in Args)
        {
            if (!arg.Contains('/', StringComparison.Ordinal))
            {
                if (rules.DefaultKind.Length > 0)
                {
                    continue;
                }

                return "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'";
            }

            var parts = arg.Split('/');
            if (parts.Length > 2)
            {
                return "arguments in resource/name form may not have more than one slash";
            }

            if (parts[0].Length == 0 || parts[1].Length == 0 || parts[0].Contains(',', StringComparison.Ordinal))
            {
                return "arguments in resource/name form must have a single resource and name";
            }
        }

        if (HasSelector)
        {
            return "selectors and the all flag cannot be used when passing resource/name arguments";
        }

        return null;
    }

    private void ReadPairs(ResourceMapper mapper)
    {
        var targets = ImmutableArray.CreateBuilder<Target>();
        foreach (var arg in Args)
        {
            var parts = arg.Split('/');
            var word = parts.Length == 2 ? parts[0] : rules.DefaultKind;
            if (mapper.Find(word) is not { } resource)
            {
                call.Fail($"the server doesn't have a resource type \"{word}\"");
                return;
            }

            targets.Add(Named(resource, parts[^1]));
        }

        Finish(targets.DrainToImmutable(), Args.Length == 1);
    }

    private void ReadWords(ResourceMapper mapper)
    {
        var names = rules.DefaultKind.Length > 0 ? Args : Args.RemoveAt(0);
        var resources = mapper.FindAll(rules.DefaultKind.Length > 0 ? rules.DefaultKind : Args[0], out var unknown);
        if (unknown is not null)
        {
            call.Fail($"the server doesn't have a resource type \"{unknown}\"");
        }
        else if (HasSelector || (names.IsEmpty && rules.AllowsKindAlone))
        {
            if (!names.IsEmpty)
            {
                call.Fail("name cannot be provided when a selector is specified");
                return;
            }

            Query = new ObjectQuery([.. resources.Select(resource => new Target(resource, CollectionNamespace(resource), ""))])
            {
                Selector = Selector,
                FieldSelector = FieldSelector,
            };
        }
        else if (names.IsEmpty)
        {
            call.Fail(rules.DefaultKind.Length > 0 ? Missing : "resource(s) were provided, but no name was specified");
        }
        else
        {
            Finish([.. resources.SelectMany(resource => names.Select(name => Named(resource, name)))], resources.Length == 1 && names.Length == 1);
        }
    }

    private string CollectionNamespace(KubeResource resource) => resource.IsNamespaced && !call.AllNamespaces ? call.Namespace : "";

    private Target Named(KubeResource resource, string name) => new(resource, resource.IsNamespaced ? call.Namespace : "", name);

    private void Finish(ImmutableArray<Target> targets, bool isSingle)
    {
        if (call.AllNamespaces && targets.Any(target => target.Resource.IsNamespaced))
        {
            call.Fail("a resource cannot be retrieved by name across all namespaces");
            return;
        }

        Query = new ObjectQuery(targets) { IsSingle = isSingle };
    }

    private IEnumerable<Wait> ReadFiles()
    {
        var files = new ManifestFiles(call);
        yield return Wait.Call(files.Read(Files));
        var failure = new FailureSlot();
        if (!files.Manifests.IsEmpty)
        {
            yield return Wait.Call(Discovery.Run(call, Discovery.Once, failure));
        }

        if (failure.Value is not null)
        {
            call.Fail($"unable to recognize \"{files.Manifests[0].Source}\": Get \"{call.ServerUrl}/api?timeout=32s\": {failure.Reply?.ConnectionError}");
            yield break;
        }

        var resolved = new ManifestTargets(call, files);
        Query = new ObjectQuery(resolved.Targets) { Selector = Selector, IsSingle = files.Manifests.Length == 1 };
        call.Fail([.. resolved.Errors.Select(Failure.Of)]);
    }
}
