using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Printing;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary><c>kubectl version</c>, <c>cluster-info</c>, <c>api-versions</c>, <c>options</c>, <c>top</c>.</summary>
internal static class InfoVerbs
{
    public static Command Version { get; } = new("version", "[flags] [options]", "Print the client and server version information")
    {
        Flags = [FlagSpec.Switch("client"), CommonFlags.Output],
        Run = RunVersion,
    };

    public static Command ClusterInfo { get; } = new("cluster-info", "[flags] [options]", "Display cluster information") { Run = RunClusterInfo };

    public static Command ApiVersions { get; } = new("api-versions", "[options]", "Print the supported API versions on the server, in the form of \"group/version\"")
    {
        Run = RunApiVersions,
    };

    public static Command Options { get; } = new("options", "[options]", "Print the list of flags inherited by all commands") { Run = RunOptions };

    public static Command Top { get; } = new("top", "[flags] [options]", "Display resource (CPU/memory) usage")
    {
        Children =
        [
            new Command("node", "[NAME | -l label] [options]", "Display resource (CPU/memory) usage of nodes")
            {
                Aliases = ["nodes", "no"],
                Flags = [FlagSpec.Switch("no-headers"), CommonFlags.Selector, FlagSpec.Switch("show-capacity"), FlagSpec.Text("sort-by"), FlagSpec.Switch("use-protocol-buffers", on: true)],
                Run = RunTop,
            },
            new Command("pod", "[NAME | -l label] [options]", "Display resource (CPU/memory) usage of pods")
            {
                Aliases = ["pods", "po"],
                Flags =
                [
                    CommonFlags.AllNamespaces, FlagSpec.Switch("containers"), CommonFlags.FieldSelector, FlagSpec.Switch("no-headers"), CommonFlags.Selector,
                    FlagSpec.Text("sort-by"), FlagSpec.Switch("sum"), FlagSpec.Switch("use-protocol-buffers", on: true),
                ],
                Run = RunTop,
            },
        ],
    };

    private static IEnumerable<Wait> RunVersion(Invocation call)
    {
        if (!call.Args.IsEmpty)
        {
            call.Fail($"extra arguments: [{string.Join(' ', call.Args)}]");
            yield break;
        }

        var output = call.Flags.Text("output");
        if (output is not ("" or "json" or "yaml"))
        {
            call.Fail("--output must be 'yaml' or 'json'");
            yield break;
        }

        Doc? server = null;
        Failure? failure = null;
        if (!call.Flags.Flag("client"))
        {
            var reply = call.Send(new ApiRequest(ApiVerb.Get, default) { NonResourcePath = "/version" });
            yield return Wait.For(reply.Takes);
            server = reply.IsSuccess ? reply.Response!.Body : null;
            failure = server is null ? call.FailureOf(reply) : null;
        }

        PrintVersion(call, output, server);
        if (failure is not null)
        {
            call.Fail(failure);
        }
        else if (server is not null)
        {
            WarnAboutSkew(call, server);
        }
    }

    private static void PrintVersion(Invocation call, string output, Doc? server)
    {
        var client = call.Version.Kubernetes;
        if (output.Length == 0)
        {
            call.OutLine("Client Version: " + client.GitVersion);
            call.OutLine("Kustomize Version: " + call.Version.Kustomize);
            if (server is not null)
            {
                call.OutLine("Server Version: " + server.Text("gitVersion"));
            }

            return;
        }

        var versions = Doc.Obj(
            ("clientVersion", Doc.Obj(
                ("major", "1"),
                ("minor", $"{client.Minor}"),
                ("gitVersion", client.GitVersion),
                ("gitCommit", client.GitCommit),
                ("gitTreeState", "clean"),
                ("buildDate", client.BuildDate),
                ("goVersion", client.GoVersion),
                ("compiler", "gc"),
                ("platform", "linux/amd64"))),
            ("kustomizeVersion", call.Version.Kustomize),
            ("serverVersion", server));
        call.Out(output == "json" ? GoJson.IndentedInOrder(versions, "  ") : DocYaml.Write(versions) + "\n");
    }

    private static void WarnAboutSkew(Invocation call, Doc server)
    {
        var client = call.Version.Kubernetes.Minor;
        if (int.TryParse(server.Text("minor")?.TrimEnd('+'), out var minor) && Math.Abs(client - minor) > 1)
        {
            call.Err($"WARNING: version difference between client (1.{client}) and server (1.{minor}) exceeds the supported minor version skew of +/-1\n");
        }
    }

    private static IEnumerable<Wait> RunClusterInfo(Invocation call)
    {
        yield return Wait.Call(Discovery.Run(call, Discovery.ForWords));
        if (!call.HasFailed)
        {
            var reply = call.Send(ApiRequest.List(ResourcePath.Core("services"), call.NamespaceIsEnforced ? call.Namespace : "kube-system") with
            {
                Options = new ApiOptions { LabelSelector = "kubernetes.io/cluster-service=true" },
            });
            yield return Wait.For(reply.Takes);
            if (!reply.IsSuccess)
            {
                call.Fail(reply);
            }
            else
            {
                Line(call, "Kubernetes control plane", call.ServerUrl);
                foreach (var service in reply.Response!.Body.List("items"))
                {
                    var name = service.Text("metadata", "name");
                    var ports = service.List("spec", "ports");
                    var port = ports is [var first, ..] && first.Text("name") is { Length: > 0 } portName ? ":" + portName : "";
                    Line(call, service.At("metadata", "labels")?.Text("kubernetes.io/name") ?? name!,
                        $"{call.ServerUrl}/api/v1/namespaces/{service.Text("metadata", "namespace")}/services/{name}{port}/proxy");
                }
            }
        }

        call.OutLine();
        call.OutLine("To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.");
    }

    private static void Line(Invocation call, string name, string url) => call.OutLine(call.Self.Output.IsTerminal
        ? $"\u001b[0;32m{name}\u001b[0m is running at \u001b[0;33m{url}\u001b[0m"
        : $"{name} is running at {url}");

    private static IEnumerable<Wait> RunApiVersions(Invocation call)
    {
        if (!call.Args.IsEmpty)
        {
            call.FailUsage($"unexpected arguments: [{string.Join(' ', call.Args)}]");
            yield break;
        }

        var failure = new FailureSlot();
        yield return Wait.Call(Discovery.Run(call, Discovery.Once, failure));
        if (failure.Reply is { } reply)
        {
            call.Fail($"couldn't get available api versions from server: Get \"{call.ServerUrl}/api?timeout=32s\": {reply.ConnectionError}");
            yield break;
        }

        foreach (var version in (call.Mapper?.All ?? []).Select(resource => resource.ApiVersion).Distinct().Order(StringComparer.Ordinal))
        {
            call.OutLine(version);
        }
    }

    private static IEnumerable<Wait> RunOptions(Invocation call)
    {
        call.Out(HelpPage.OfGlobalFlags());
        yield break;
    }

    // Usage is measured by an add-on; without it the group metrics.k8s.io is not there.
    private static IEnumerable<Wait> RunTop(Invocation call)
    {
        var failure = new FailureSlot();
        yield return Wait.Call(Discovery.Run(call, 0, failure));
        var reply = call.Send(new ApiRequest(ApiVerb.Get, default) { NonResourcePath = "/apis" });
        yield return Wait.For(reply.Takes);
        if (reply.Response is null)
        {
            call.Fail(reply);
        }
        else
        {
            call.Fail("Metrics API not available");
        }
    }
}
