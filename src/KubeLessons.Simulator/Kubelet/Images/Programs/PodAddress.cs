using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet.Images.Programs;

/// <summary>What a program in a container finds out about the place where it runs.</summary>
internal static class PodAddress
{
    /// <summary>The first address that is not loopback's; 127.0.0.1 without one.</summary>
    public static string Of(Process self) => self.Network.Address ?? "127.0.0.1";

    /// <summary>The name that <c>hostname</c> prints there.</summary>
    public static string HostName(Process self) =>
        self.Files.Read("/etc/hostname")?.Trim() is { Length: > 0 } name ? name : self.Host.Name;
}
