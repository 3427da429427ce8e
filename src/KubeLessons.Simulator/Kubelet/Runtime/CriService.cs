using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Images;

namespace KubeLessons.Simulator.Kubelet.Runtime;

/// <summary>
/// The Container Runtime Interface as containerd serves it while it runs. A call that takes time is a routine of its caller
/// (<c>yield return Wait.Call(cri.StartContainer(id, result))</c>); when containerd ends meanwhile, the call fails and what it was
/// about has not happened.
/// </summary>
public sealed partial class CriService
{
    /// <summary>Making a container's root file system and its bundle.</summary>
    public static readonly TimeSpan CreateLatency = TimeSpan.FromMilliseconds(30);

    /// <summary>Forking the container's process.</summary>
    public static readonly TimeSpan StartLatency = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan _sandboxLatencyAtLeast = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _sandboxLatencySpread = TimeSpan.FromMilliseconds(100);

    private readonly Process _self;
    private readonly RuntimeState _state;
    private readonly ImageRegistry _registry;
    private readonly CniPlugin _cni;

    internal CriService(Process self, RuntimeState state, ImageRegistry registry, CniPlugin cni) =>
        (_self, _state, _registry, _cni) = (self, state, registry, cni);

    /// <summary>The name and version that the node reports.</summary>
    public const string Version = "containerd://1.7.27";

    /// <summary>Why the runtime's network is not ready (NetworkReady=false); null when it is.</summary>
    public string? NetworkFault => _cni.Fault();

    /// <summary>The sandboxes, containers and images of the node, as the List calls return them.</summary>
    public RuntimeState State => _state;

    private World World => _self.World;

    private bool IsLost<T>(CriResult<T> result)
        where T : class
    {
        if (_self.HasExited)
        {
            result.Fail("error reading from server: EOF", "Unavailable");
        }

        return _self.HasExited;
    }

    private void Act(string what) => World.Trace.RecordAction(_self.Host.Name, "containerd", what);
}
