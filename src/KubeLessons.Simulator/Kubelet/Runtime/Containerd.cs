using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Images;

namespace KubeLessons.Simulator.Kubelet.Runtime;

/// <summary>
/// containerd of one node: the daemon behind the unit <c>containerd</c>. Its process serves the CRI on a socket; what it has made
/// outlives it.
/// </summary>
public sealed class Containerd
{
    public const string Socket = "/run/containerd/containerd.sock";

    private readonly ImageRegistry _registry;
    private readonly CniPlugin _cni;

    public Containerd(Host host, ImageRegistry registry, CniPlugin cni)
    {
        (_registry, _cni) = (registry, cni);
        State = new RuntimeState(host);
    }

    /// <summary>What is on the node's disk and in its shims.</summary>
    public RuntimeState State { get; }

    /// <summary>Puts an image on the node's disk without a pull, as a machine's own image has it.</summary>
    /// <exception cref="ArgumentException">No registry has such an image.</exception>
    public void Preload(string image)
    {
        if (!ImageReference.TryParse(image, out var reference, out var error) || _registry.Find(reference) is not { Image: { } found })
        {
            throw new ArgumentException($"No registry has the image {image}.", nameof(image));
        }

        State.Add(found);
    }

    /// <summary>The daemon's program.</summary>
    public IEnumerable<Wait> Main(Process self)
    {
        _cni.Load?.Invoke();
        self.Host.UnixSockets.Listen(Socket, self, new CriService(self, State, _registry, _cni));
        try
        {
            yield return Wait.Forever;
        }
        finally
        {
            self.Host.UnixSockets.Close(Socket, self);
        }
    }
}
