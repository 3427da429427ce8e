using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubectl.Config;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl;

/// <summary>
/// One run of one command: its flags and arguments, its configuration, its client, and where its words go. A verb that fails says
/// so with one of the <c>Fail</c> methods, which set the exit code, and returns.
/// </summary>
internal sealed class Invocation(Process self, Command command, FlagValues flags, KubectlVersion version, KubectlConnect connect)
{
    private (KubectlConfig? Config, string? Error)? _config;
    private (ApiClient? Client, ServerAccess? Access)? _client;

    /// <summary>The kinds of servers, by the cached answers that they were read from.</summary>
    public required TextMemo<ResourceMapper> Mappers { get; init; }

    /// <summary>Kubeconfigs by their texts.</summary>
    public required TextMemo<Doc> Kubeconfigs { get; init; }

    public Process Self => self;

    public World World => self.World;

    public Command Command => command;

    public FlagValues Flags => flags;

    public ImmutableArray<string> Args => flags.Arguments;

    public KubectlVersion Version => version;

    public int ExitCode { get; set; }

    public bool HasFailed => ExitCode != 0;

    /// <summary>True with <c>-A</c>.</summary>
    public bool AllNamespaces => flags.Flag("all-namespaces");

    /// <summary>What <c>-n</c> says, else the context's namespace.</summary>
    public string Namespace => flags.Text("namespace") is { Length: > 0 } asked ? asked : Config?.Namespace ?? "default";

    /// <summary>True when <c>-n</c> was given: a manifest may not name another namespace then.</summary>
    public bool NamespaceIsEnforced => flags.Text("namespace").Length > 0;

    /// <summary>The kubeconfig; null when it cannot be read, which was then said.</summary>
    public KubectlConfig? Config
    {
        get
        {
            if (_config is null)
            {
                _config = KubectlConfig.Load(self, flags, Kubeconfigs);
                if (_config.Value.Error is { } error)
                {
                    Fail(error);
                }
            }

            return _config.Value.Config;
        }
    }

    /// <summary>The kinds that the server has; set by <see cref="Discovery"/>.</summary>
    public ResourceMapper? Mapper { get; set; }

    /// <summary>The server's host and port.</summary>
    public string ServerName => _client?.Access?.Authority ?? "";

    /// <summary>The server's URL.</summary>
    public string ServerUrl => _client?.Access?.Server ?? "";

    /// <summary>The client of this run. Null when the configuration does not lead to a server, which was then said.</summary>
    public bool TryConnect([NotNullWhen(true)] out ApiClient? client)
    {
        if (_client is null)
        {
            if (Config is not { } config)
            {
                _client = (null, null);
            }
            else if (config.Access() is { Access: { } access })
            {
                _client = (connect(self, access), access);
            }
            else
            {
                Fail(config.Access().Error ?? "");
                _client = (null, null);
            }
        }

        client = _client.Value.Client;
        return client is not null;
    }

    /// <summary>Sends a request; let <see cref="ApiReply.Takes"/> pass before looking at the answer.</summary>
    public ApiReply Send(ApiRequest request)
    {
        if (!TryConnect(out var client))
        {
            return new ApiReply(null, "no configuration", TimeSpan.Zero);
        }

        var reply = client.Send(request);
        foreach (var warning in reply.Response?.Warnings ?? [])
        {
            Err($"Warning: {warning}\n");
        }

        return reply;
    }

    public void Out(string text)
    {
        self.Output.Write(text);
        if (self.Output.IsBroken)
        {
            self.Exit(128 + (int)ProcessSignal.Pipe);
        }
    }

    public void OutLine(string line = "") => Out(line + "\n");

    public void Err(string text) => self.Error.Write(text);

    /// <summary>Fails with <c>error: MESSAGE</c>.</summary>
    public void Fail(string message) => Fail(Failure.Of(message));

    /// <summary>Fails with <c>error: MESSAGE</c> and a pointer to the command's help.</summary>
    public void FailUsage(string message) => Fail($"{message}\nSee '{command.Path} -h' for help and examples");

    public void Fail(Failure failure)
    {
        Err(failure.Text + "\n");
        ExitCode = 1;
    }

    /// <summary>Fails with all of these, one after the other; nothing when there are none. Several complaints of kubectl's own stand bare.</summary>
    public void Fail(IReadOnlyCollection<Failure> failures)
    {
        foreach (var failure in failures)
        {
            Fail(failures.Count > 1 && failure.Text.StartsWith("error: ", StringComparison.Ordinal) ? failure with { Text = failure.Text["error: ".Length..] } : failure);
        }
    }

    /// <summary>Fails as a request did.</summary>
    public void Fail(ApiReply reply, string source = "") => Fail(FailureOf(reply, source));

    public Failure FailureOf(ApiReply reply, string source = "") => Failure.Of(reply, ServerName, source);

    /// <summary>Waits while the reader of the output is behind, and ends the process when it is gone.</summary>
    public IEnumerable<Wait> Drain()
    {
        while (self.Output.IsFull && !self.Output.IsBroken)
        {
            yield return Wait.On(self.Output.Changed);
        }

        if (self.Output.IsBroken)
        {
            self.Exit(128 + (int)ProcessSignal.Pipe);
        }
    }

    /// <summary>A file's absolute path, from the process' working directory.</summary>
    public string PathOf(string file) => FileSystem.Resolve(self.WorkingDirectory, file);
}
