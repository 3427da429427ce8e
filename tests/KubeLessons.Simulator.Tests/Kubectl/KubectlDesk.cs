using System.Text;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubectl;
using KubeLessons.Simulator.Store;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Tests.Kubectl;

/// <summary>What a command printed, and how it ended; null while it runs.</summary>
internal sealed record Printed(int? ExitCode, string Output, string Error);

/// <summary>A host with kubectl on it and an API server behind it, without controllers: what a test puts there stays as it is.</summary>
internal sealed class KubectlDesk
{
    public const string Kubeconfig = """
        apiVersion: v1
        kind: Config
        clusters:
        - cluster:
            server: https://192.168.1.10:6443
          name: kubernetes
        contexts:
        - context:
            cluster: kubernetes
            user: kubernetes-admin
          name: kubernetes-admin@kubernetes
        current-context: kubernetes-admin@kubernetes
        users:
        - name: kubernetes-admin
          user:
            token: secret
        """;

    /// <summary>When the fixtures were recorded: ages in them count from the objects' times to this day.</summary>
    public static readonly DateTimeOffset RecordingDay = new(2026, 11, 22, 19, 0, 0, TimeSpan.Zero);

    public KubectlDesk(DateTimeOffset? now = null)
    {
        World = new World(7, now);
        Server = new ApiServer(World, new ObjectStore(), KubernetesVersion.Default);
        Client = new ApiClient("test", "m-k8s", ApiUser.Admin, Connect);
        Host = new Host(World, "m-k8s", "192.168.1.10");
        Host.Files.Write("/root/.kube/config", Kubeconfig);
    }

    public World World { get; }

    public ApiServer Server { get; }

    /// <summary>The test's own way to the server.</summary>
    public ApiClient Client { get; }

    public Host Host { get; }

    /// <summary>False: the server refuses connections.</summary>
    public bool ServerIsUp { get; set; } = true;

    /// <summary>Runs <c>kubectl ARGS</c> until it ends; it must within an hour of the world.</summary>
    public Printed Run(string arguments, string input = "")
    {
        var running = Start(arguments, input);
        World.RunUntil(() => running.Process.HasExited, World.Now + TimeSpan.FromHours(1));
        return running.Printed;
    }

    /// <summary>What <c>kubectl ARGS</c> prints when all is well.</summary>
    public string Output(string arguments, string input = "")
    {
        var printed = Run(arguments, input);
        printed.Error.ShouldBe("");
        printed.ExitCode.ShouldBe(0);
        return printed.Output;
    }

    public RunningKubectl Start(string arguments, string input = "")
    {
        var program = new KubectlProgram(KubernetesVersion.Default, (_, access) =>
            new ApiClient("kubectl", "m-k8s", access.ActAs ?? ApiUser.Admin, Connect));
        return new RunningKubectl(Host, program, ["kubectl", .. Words(arguments)], input);
    }

    /// <summary>Creates objects as they are, in the order of a YAML stream.</summary>
    public void Create(string yaml)
    {
        DocYaml.TryParseAll(yaml, out var documents, out var error).ShouldBeTrue(error);
        foreach (var document in documents)
        {
            var kind = Server.Kinds.Find(document.Text("apiVersion")!, document.Text("kind")!)!;
            var ns = kind.IsNamespaced ? document.Text("metadata", "namespace") ?? "default" : "";
            var reply = Client.Send(ApiRequest.Create(kind.Resource, ns, document));
            reply.IsSuccess.ShouldBeTrue(reply.Response?.Message);
            if (document.At("status") is { } status)
            {
                reply = Client.Send(ApiRequest.Update(kind.Resource, reply.Response!.Body.With(status, "status"), "status"));
                reply.IsSuccess.ShouldBeTrue(reply.Response?.Message);
            }
        }
    }

    /// <summary>Puts objects into the store as they are, unseen by validation; also by defaults, unless those are asked for.</summary>
    public void Keep(string yaml, bool withDefaults = false)
    {
        DocYaml.TryParseAll(yaml, out var documents, out var error).ShouldBeTrue(error);
        foreach (var document in documents)
        {
            var kind = Server.Kinds.Find(document.Text("apiVersion")!, document.Text("kind")!)!;
            var ns = kind.IsNamespaced ? document.Text("metadata", "namespace") ?? "default" : "";
            var request = ApiRequest.Create(kind.Resource, ns, document);
            var value = withDefaults ? kind.Rules.Default(document, new RuleContext(Server, request)) : document;
            Server.Store.Commit(new ObjectKey(kind.StorageName, ns, document.Text("metadata", "name")!), value);
        }
    }

    private ApiConnection Connect() => ServerIsUp
        ? new ApiConnection(Server, null, TimeSpan.Zero)
        : new ApiConnection(null, "dial tcp 192.168.1.10:6443: connect: connection refused", TimeSpan.Zero);

    // Splits like a shell: blanks, single and double quotes, backslashes outside of single quotes.
    private static List<string> Words(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (started, quote) = (false, '\0');
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quote != '\0')
            {
                if (c == quote)
                {
                    quote = '\0';
                }
                else if (c == '\\' && quote == '"' && i + 1 < line.Length && line[i + 1] is '"' or '\\')
                {
                    word.Append(line[++i]);
                }
                else
                {
                    word.Append(c);
                }
            }
            else if (c is '\'' or '"')
            {
                (started, quote) = (true, c);
            }
            else if (char.IsWhiteSpace(c))
            {
                if (started)
                {
                    words.Add(word.ToString());
                }

                word.Clear();
                started = false;
            }
            else
            {
                started = true;
                word.Append(c == '\\' && i + 1 < line.Length ? line[++i] : c);
            }
        }

        return started ? [.. words, word.ToString()] : words;
    }
}

/// <summary>A kubectl that was started.</summary>
internal sealed class RunningKubectl
{
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    public RunningKubectl(Host host, KubectlProgram program, IReadOnlyList<string> words, string input) =>
        Process = host.Processes.Start(new ProcessStart([.. words], program.Run)
        {
            Input = TextStream.Of(host.World, input),
            Output = new TextStream(host.World, text => _output.Append(text)),
            Error = new TextStream(host.World, text => _error.Append(text)),
            WorkingDirectory = "/root",
        });

    public Process Process { get; }

    public Printed Printed => new(Process.HasExited ? Process.ExitCode : null, _output.ToString(), _error.ToString());
}
