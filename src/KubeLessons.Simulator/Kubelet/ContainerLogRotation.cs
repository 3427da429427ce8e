using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Runtime;

namespace KubeLessons.Simulator.Kubelet;

/// <summary>
/// Rotates the containers' log files (pkg/kubelet/logs: container_log_manager.go): every 10 s, those that have grown beyond their
/// limit. The last one that was rotated away stays as it is, older ones are compressed, and so many files are kept in all. A look
/// at which no log is too big costs no turn.
/// </summary>
internal sealed class ContainerLogRotation
{
    /// <summary>containerLogMonitorInterval.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly Process _self;
    private readonly RuntimeConnection _runtime;
    private readonly long _maxSize;
    private readonly int _maxFiles;
    private readonly TimeSpan _from;
    private RuntimeState? _watched;
    private bool _planned;

    public ContainerLogRotation(Process self, RuntimeConnection runtime, KubeletSettings settings)
    {
        (_self, _runtime, _from) = (self, runtime, self.World.Now);
        (_maxSize, _maxFiles) = (settings.ContainerLogMaxSize, settings.ContainerLogMaxFiles);
        runtime.Changed += Watch;
        self.OnExit(() => _watched?.LogGrew -= OnLogGrew);
    }

    /// <summary>From now on; logs that are too big already are rotated at the first look.</summary>
    public void Watch()
    {
        if (_runtime.Connect(out _) is not { } cri || _watched == cri.State)
        {
            return;
        }

        _watched?.LogGrew -= OnLogGrew;
        _watched = cri.State;
        _watched.LogGrew += OnLogGrew;
        foreach (var container in _watched.Containers)
        {
            OnLogGrew(container);
        }
    }

    private void OnLogGrew(Container container)
    {
        if (!_planned && container.Log.Length > _maxSize && !_self.HasExited)
        {
            _planned = true;
            var tick = _from + (Period * (((_self.World.Now - _from).Ticks / Period.Ticks) + 1));
            _self.After(tick - _self.World.Now, Look);
        }
    }

    private void Look()
    {
        _planned = false;
        if (_runtime.Connect(out _) is not { } cri)
        {
            return;
        }

        foreach (var container in cri.State.Containers)
        {
            if (container is { State: ContainerState.Running, LogPath.Length: > 0 } && container.Log.Length > _maxSize)
            {
                Rotate(container);
            }
        }
    }

    private void Rotate(Container container)
    {
        var files = _self.Host.Files;
        var folder = FileSystem.Parent(container.LogPath);
        var prefix = container.LogPath[(folder.Length + 1)..] + ".";
        var rotated = files.List(folder).Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList();

        // Room for the one that is being rotated now, and for the one that is written to.
        while (rotated.Count > Math.Max(0, _maxFiles - 2))
        {
            files.Remove($"{folder}/{rotated[0]}");
            rotated.RemoveAt(0);
        }

        foreach (var name in rotated.Where(name => !name.EndsWith(".gz", StringComparison.Ordinal)))
        {
            if (files.Find($"{folder}/{name}")?.Live is RotatedLog plain)
            {
                files.Keep($"{folder}/{name}.gz", plain.Compress());
            }

            files.Remove($"{folder}/{name}");
        }

        files.Keep($"{container.LogPath}.{_self.World.UtcNow:yyyyMMdd-HHmmss}", container.Log.Rotate());
        files.Touch(container.LogPath);
    }
}
