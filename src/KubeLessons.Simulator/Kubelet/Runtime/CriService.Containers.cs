using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Proc;
using KubeLessons.Simulator.Kubelet.Images;

namespace KubeLessons.Simulator.Kubelet.Runtime;

public sealed partial class CriService
{
    /// <summary>Makes a container in a sandbox from an image that the node has.</summary>
    public IEnumerable<Wait> CreateContainer(PodSandbox sandbox, ContainerConfig config, CriResult<Container> result)
    {
        yield return Wait.For(CreateLatency);
        if (IsLost(result))
        {
            yield break;
        }

        if (sandbox.State != SandboxState.Ready || _state.Sandbox(sandbox.Id) is null)
        {
            result.Fail($"failed to find sandbox id \"{sandbox.Id}\": not found", "NotFound");
            yield break;
        }

        if (!ImageReference.TryParse(config.Image, out var reference, out _) || _state.Image(reference) is not { } image)
        {
            result.Fail($"failed to get image from containerd \"{config.Image}\": image \"{config.Image}\": not found", "NotFound");
            yield break;
        }

        var id = _state.Random.NextHex(64);
        var container = new Container(id, sandbox, config, image.Image, RootFiles(id, sandbox, config, image.Image), World)
        {
            Input = config.HasInput ? new TextStream(World) { IsTerminal = config.IsTerminal } : null,
        };
        Act($"CreateContainer {config.Name} in {sandbox.Config.Namespace}/{sandbox.Config.Name}");
        _state.Add(container);
        result.Succeed(container);
    }

    /// <summary>Starts a container's process.</summary>
    public IEnumerable<Wait> StartContainer(Container container, CriResult<Container> result)
    {
        yield return Wait.For(StartLatency);
        if (IsLost(result))
        {
            yield break;
        }

        if (container.State != ContainerState.Created)
        {
            result.Fail($"failed to start container \"{container.Id}\": container is in CONTAINER_{container.State.ToString().ToUpperInvariant()} state");
            yield break;
        }

        var start = ContainerCommand.Resolve(container, CommandLine(container), out var fault);
        Act($"StartContainer {container.Config.Name} in {container.Sandbox.Config.Namespace}/{container.Sandbox.Config.Name}");
        if (start is null)
        {
            var description = "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: "
                + $"unable to start container process: {fault}";
            container.Message = description;
            _state.MarkExited(container, 128, "StartError");
            result.Fail(description);
            yield break;
        }

        if (container.LogPath.Length > 0)
        {
            _self.Host.Files.Keep(container.LogPath, container.Log);
        }

        container.StartedAt = World.UtcNow;
        container.State = ContainerState.Running;
        container.Process = _self.Host.Processes.Start(start with
        {
            Parent = container.Sandbox.Shim,
            Input = container.Input,
            Output = Output(container, false),
            Error = Output(container, container.Config.IsTerminal is false),
            IsInit = container.Config.TargetId.Length == 0 && !container.Sandbox.Config.SharesProcesses && !container.Sandbox.Config.HostProcesses,
        });
        Coroutine.Start(World, WatchProcess(container, container.Process), RethrowFault);
        _state.Tell(container);
        result.Succeed(container);
    }

    /// <summary>
    /// Asks a container's process to stop with its stop signal and, when the grace time is over, kills it. Ends when it has exited;
    /// for a container that does not run, at once.
    /// </summary>
    public IEnumerable<Wait> StopContainer(Container container, TimeSpan grace, CriResult<Container> result)
    {
        if (container.Process is { HasExited: false } process)
        {
            Act($"StopContainer {container.Config.Name} in {container.Sandbox.Config.Namespace}/{container.Sandbox.Config.Name}");
            if (grace > TimeSpan.Zero)
            {
                process.Send(container.Image.Repository.StopSignal);
                var killAt = World.Now + grace;
                while (!process.HasExited && World.Now < killAt && !_self.HasExited)
                {
                    yield return Wait.On(process.Exited, killAt - World.Now);
                }
            }

            if (IsLost(result))
            {
                yield break;
            }

            process.Send(ProcessSignal.Kill);
            while (container.State == ContainerState.Running)
            {
                yield return Wait.On(container.Changed);
            }
        }

        result.Succeed(container);
    }

    /// <summary>Forgets a container, killing it first if it runs.</summary>
    public void RemoveContainer(Container container)
    {
        container.Process?.Send(ProcessSignal.Kill);
        if (_state.Container(container.Id) is not null)
        {
            _state.Remove(container);
        }
    }

    /// <summary>
    /// What a container runs: the image's entry point and command, or the pod's in their place (the table in "Define a Command and
    /// Arguments for a Container"): a command leaves out both of the image's, arguments only its command.
    /// </summary>
    internal static ImmutableArray<string> CommandLine(Container container)
    {
        var (config, image) = (container.Config, container.Image.Repository);
        var entrypoint = config.Command.IsEmpty ? image.Entrypoint : config.Command;
        var arguments = config.Arguments.IsEmpty && config.Command.IsEmpty ? image.Command : config.Arguments;
        return [.. entrypoint, .. arguments];
    }

    private FileSystem RootFiles(string id, PodSandbox sandbox, ContainerConfig config, ContainerImage image)
    {
        var files = new FileSystem(World, image.Files);
        files.Write("/etc/hostname", sandbox.Config.Hostname + "\n");
        files.Write("/etc/resolv.conf", sandbox.Config.ResolvConf);
        foreach (var mount in config.Mounts)
        {
            files.Mount(mount.Path, mount.Source, mount.Root, mount.IsReadOnly);
        }

        files.Mount("/proc", new FileSystem(World, tree: new ProcFiles(_self.Host, (sandbox.Network ?? _self.Host.Network).Stack, id, files)));
        files.IsReadOnly = config.HasReadOnlyRoot;

        return files;
    }

    private TextStream Output(Container container, bool isError) =>
        new(World, text => _state.Write(container, text, isError)) { IsTerminal = container.Config.IsTerminal };

    private IEnumerable<Wait> WatchProcess(Container container, Process process)
    {
        while (!process.HasExited)
        {
            yield return Wait.On(process.Exited);
        }

        _state.MarkExited(container, process.ExitCode);
    }
}
