using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Proxy;

/// <summary>kube-proxy's lines on its standard error, in klog's form: <c>I0105 00:00:31.042000       1 server_linux.go:66] …</c>.</summary>
internal sealed class ProxyLog(Process self)
{
    public void Info(string line) => Write('I', line);

    public void Error(string line, string error) => Write('E', $"{line} err=\"{error.Replace("\"", "\\\"", StringComparison.Ordinal)}\"");

    // In its container kube-proxy is process 1.
    private void Write(char severity, string line) =>
        self.Error.WriteLine($"{severity}{self.World.UtcNow:MMdd HH:mm:ss.ffffff}       {(self.ContainerId is null ? self.Id : 1)} {line}");
}
