using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Config;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Printing;

namespace KubeLessons.Simulator.Kubectl.Verbs.Config;

/// <summary><c>kubectl config …</c>: shows kubeconfig files.</summary>
internal static class ConfigVerbs
{
    public static Command Command { get; } = new("config", "SUBCOMMAND [options]", "Modify kubeconfig files")
    {
        Children =
        [
            Make("current-context", "[flags] [options]", "Display the current-context", CurrentContext),
            Make("delete-cluster", "NAME [options]", "Delete the specified cluster from the kubeconfig", call => ConfigChanges.Delete(call, "cluster")),
            Make("delete-context", "NAME [options]", "Delete the specified context from the kubeconfig", call => ConfigChanges.Delete(call, "context")),
            Make("delete-user", "NAME [options]", "Delete the specified user from the kubeconfig", call => ConfigChanges.Delete(call, "user")),
            Make("get-clusters", "[flags] [options]", "Display clusters defined in the kubeconfig", call => Names(call, "clusters")),
            Make("get-contexts", "[(-o|--output=)name)] [options]", "Describe one or many contexts", GetContexts, FlagSpec.Switch("no-headers"), CommonFlags.Output),
            Make("get-users", "[flags] [options]", "Display users defined in the kubeconfig", call => Names(call, "users")),
            Make("rename-context", "CONTEXT_NAME NEW_NAME [options]", "Rename a context from the kubeconfig file", ConfigChanges.RenameContext),
            Make("set", "PROPERTY_NAME PROPERTY_VALUE [options]", "Set an individual value in a kubeconfig file", ConfigChanges.Set),
            Make("set-cluster", "NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [options]", "Set a cluster entry in kubeconfig", ConfigChanges.SetCluster),
            Make("set-context", "[NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace] [options]", "Set a context entry in kubeconfig", ConfigChanges.SetContext, FlagSpec.Switch("current")),
            Make("set-credentials", "NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [options]", "Set a user entry in kubeconfig", ConfigChanges.SetCredentials),
            Make("unset", "PROPERTY_NAME [options]", "Unset an individual value in a kubeconfig file", ConfigChanges.Unset),
            Make("use-context", "CONTEXT_NAME [options]", "Set the current-context in a kubeconfig file", ConfigChanges.UseContext) with { Aliases = ["use"] },
            Make("view", "[flags] [options]", "Display merged kubeconfig settings or a specified kubeconfig file", View,
                [.. CommonFlags.Print.Remove(CommonFlags.Output), FlagSpec.Text("output", 'o', "yaml"), FlagSpec.Switch("flatten"), FlagSpec.Switch("merge", on: true), FlagSpec.Switch("minify"), FlagSpec.Switch("raw")]),
        ],
    };

    private static Command Make(string name, string usage, string summary, Func<Invocation, IEnumerable<Wait>> run, params ReadOnlySpan<FlagSpec> flags) =>
        new(name, usage, summary) { Flags = [.. flags], Run = run };

    private static IEnumerable<Wait> CurrentContext(Invocation call)
    {
        if (call.Config is { } config)
        {
            if (config.Merged.Text("current-context") is { Length: > 0 } current)
            {
                call.OutLine(current);
            }
            else
            {
                call.Fail("current-context is not set");
            }
        }

        yield break;
    }

    private static IEnumerable<Wait> Names(Invocation call, string list)
    {
        if (call.Config is { } config)
        {
            call.OutLine("NAME");
            foreach (var name in config.Merged.List(list).Select(entry => entry.Text("name")).Order(StringComparer.Ordinal))
            {
                call.OutLine(name!);
            }
        }

        yield break;
    }

    private static IEnumerable<Wait> GetContexts(Invocation call)
    {
        if (call.Config is not { } config)
        {
            yield break;
        }

        if (call.Flags.Text("output") is var output && output is not ("" or "name"))
        {
            call.Fail($"output must be one of '' or 'name': {output}");
            yield break;
        }

        var all = config.Merged.List("contexts").OrderBy(entry => entry.Text("name"), StringComparer.Ordinal).ToImmutableArray();
        var failures = call.Args.Where(name => all.All(entry => entry.Text("name") != name)).Select(name => Failure.Of($"context {name} not found")).ToList();
        var shown = call.Args.IsEmpty ? all : [.. all.Where(entry => call.Args.Contains(entry.Text("name")!))];
        if (output == "name")
        {
            call.Out(string.Concat(shown.Select(entry => entry.Text("name") + "\n")));
        }
        else
        {
            call.Out(ContextTable(call, config, shown));
        }

        call.Fail(failures);
    }

    private static string ContextTable(Invocation call, KubectlConfig config, ImmutableArray<Doc> contexts)
    {
        var table = TabWriter.ForTable();
        if (!call.Flags.Flag("no-headers"))
        {
            table.WriteLine("CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE");
        }

        foreach (var entry in contexts)
        {
            var mark = entry.Text("name") == config.Merged.Text("current-context") ? "*" : "";
            table.WriteLine($"{mark}\t{entry.Text("name")}\t{entry.Text("context", "cluster")}\t{entry.Text("context", "user")}\t{entry.Text("context", "namespace")}");
        }

        return table.Flush();
    }

    private static IEnumerable<Wait> View(Invocation call)
    {
        if (!call.Args.IsEmpty)
        {
            call.FailUsage($"unexpected arguments: [{string.Join(' ', call.Args)}]");
            yield break;
        }

        if (call.Config is not { } config)
        {
            yield break;
        }

        var shown = config.Merged;
        if (call.Flags.Flag("minify"))
        {
            var (minified, error) = Minify(config);
            if (minified is null)
            {
                call.Fail(error!);
                yield break;
            }

            shown = minified;
        }

        shown = Redact(Sorted(shown), call.Flags.Flag("raw") || call.Flags.Flag("flatten") && call.Flags.Flag("raw"));
        if (call.Flags.Text("output") == "json")
        {
            call.Out(GoJson.IndentedInOrder(InGoOrder(shown)));
        }
        else if (ResultPrinter.For(call, DryRun.None) is { } printer)
        {
            printer.Print(shown, "");
        }
    }

    private static (Doc? Config, string? Error) Minify(KubectlConfig config)
    {
        var current = config.CurrentContext;
        if (current.Length == 0)
        {
            return (null, "current-context must exist in order to minify");
        }

        if (config.Entry("contexts", current) is not { } context)
        {
            return (null, $"cannot locate context {current}");
        }

        return (config.Merged
            .With(Only("clusters", context.Text("cluster")), "clusters")
            .With(Only("contexts", current), "contexts")
            .With(Only("users", context.Text("user")), "users")
            .With(current, "current-context"), null);

        DocArray Only(string list, string? name) => Doc.Arr(config.Merged.List(list).Where(entry => entry.Text("name") == name));
    }

    private static Doc Sorted(Doc config)
    {
        foreach (var list in (ReadOnlySpan<string>)["clusters", "contexts", "users"])
        {
            config = config.With(Doc.Arr(config.List(list).OrderBy(entry => entry.Text("name"), StringComparer.Ordinal)), list);
        }

        return config;
    }

    // Certificates and keys are left out of what is shown, unless raw data is asked for.
    private static Doc Redact(Doc config, bool raw)
    {
        if (raw)
        {
            return config;
        }

        config = config.With(Doc.Arr(config.List("clusters").Select(entry => Hide(entry, "cluster", "certificate-authority-data", "DATA+OMITTED"))), "clusters");
        return config.With(
            Doc.Arr(config.List("users").Select(entry => Hide(Hide(Hide(Hide(
                entry, "user", "client-certificate-data", "DATA+OMITTED"), "user", "client-key-data", "DATA+OMITTED"), "user", "token", "REDACTED"), "user", "password", "REDACTED"))),
            "users");
    }

    private static Doc Hide(Doc entry, string part, string field, string shown) =>
        entry.Text(part, field) is { Length: > 0 } ? entry.With(shown, part, field) : entry;

    private static DocObject InGoOrder(Doc config) => Doc.Obj(
        ("kind", "Config"),
        ("apiVersion", "v1"),
        ("preferences", config.At("preferences") ?? Doc.Empty),
        ("clusters", NameFirst(config.List("clusters"), "cluster")),
        ("users", NameFirst(config.List("users"), "user")),
        ("contexts", NameFirst(config.List("contexts"), "context")),
        ("current-context", config.At("current-context")));

    private static DocArray NameFirst(ImmutableArray<Doc> entries, string part) =>
        Doc.Arr(entries.Select(entry => (Doc)Doc.Obj(("name", entry.At("name")), (part, entry.At(part)))));
}
