using System.Globalization;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Pipeline;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubelet.Runtime;

namespace KubeLessons.Simulator.Kubelet.Server;

/// <summary>Copies a container's log into a stream, as PodLogOptions ask (pkg/kubelet/kuberuntime/logs).</summary>
internal sealed class ContainerLogReader(World world, Container container, Doc options, PodStream stream)
{
    private long _bytesLeft = options.Int("limitBytes") ?? long.MaxValue;

    public IEnumerable<Wait> Run()
    {
        var log = container.Log;
        stream.HungUp = log.Grew.Raise;
        var next = First(log) + log.Rotated;
        var follows = options.Flag("follow") == true;
        while (true)
        {
            var isOver = container.State == ContainerState.Exited;
            while (next < log.Rotated + log.Lines.Length && _bytesLeft > 0 && !stream.Output.IsBroken)
            {
                var at = Math.Max(0, next - log.Rotated);
                if (log.Lines[at].IsPartial && !isOver && at == log.Lines.Length - 1)
                {
                    break;
                }

                Write(log.Lines[at]);
                next = at + log.Rotated + 1;
                while (stream.Output.IsFull && !stream.Output.IsBroken)
                {
                    yield return Wait.On(stream.Output.Changed);
                }
            }

            if (!follows || isOver || _bytesLeft <= 0 || stream.Output.IsBroken)
            {
                break;
            }

            // It is raised at the container's end, and when the client has gone, too.
            yield return Wait.On(log.Grew);
        }

        stream.End(0);
    }

    private int First(ContainerLog log)
    {
        var lines = log.Lines;
        var first = 0;
        var since = options.Int("sinceSeconds") is { } seconds ? world.UtcNow - TimeSpan.FromSeconds(seconds) : ObjectMeta.ParseTime(options.Text("sinceTime"));
        while (since is { } earliest && first < lines.Length && lines[first].At < earliest)
        {
            first++;
        }

        return options.Int("tailLines") is { } tail and >= 0 ? Math.Max(first, lines.Length - (int)Math.Min(tail, lines.Length)) : first;
    }

    private void Write(LogLine line)
    {
        var text = options.Flag("timestamps") == true ? $"{Time(line.At)} {line.Text}" : line.Text;
        text += line.IsPartial ? "" : "\n";
        text = text.Length <= _bytesLeft ? text : text[..(int)_bytesLeft];
        _bytesLeft -= text.Length;
        stream.Output.Write(text);
    }

    // RFC 3339 with nanoseconds, as the runtime writes it into the log file.
    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);
}
