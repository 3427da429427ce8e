using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet;

/// <summary>The kubelet's lines in its host's journal, in klog's form (<c>I0105 00:00:01.000000   412 kubelet] …</c>).</summary>
internal static class KubeletLog
{
    public static void Info(Process self, string message) => Write(self, 'I', message);

    public static void Error(Process self, string message) => Write(self, 'E', message);

    /// <summary>Why a request to the API came to nothing.</summary>
    public static string Describe(ApiReply reply) => reply.Response?.Message ?? reply.ConnectionError ?? "";

    private static void Write(Process self, char severity, string message)
    {
        var now = self.World.UtcNow;
        self.Host.Journal.Add("kubelet.service", "kubelet", self.Id, $"{severity}{now:MMdd HH:mm:ss.ffffff}   {self.Id,5} kubelet] {message}");
    }
}
