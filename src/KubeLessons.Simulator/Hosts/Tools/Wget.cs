using System.Collections.Immutable;
using System.Globalization;
using KubeLessons.Simulator.Hosts.Http;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>wget as busybox has it: -q, -O FILE, -T SECONDS, -S, --spider, with its words and its one exit code for failure.</summary>
internal static class Wget
{
    /// <summary>busybox gives up after 900 s of silence unless -T says otherwise.</summary>
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(900);

    public static IEnumerable<Wait> Main(Process self)
    {
        var options = CommandOptions.Parse([.. self.Arguments], "qO:T:SsP:U:cY:t:", longOptions: [new("spider", 's'), new("output-document", 'O'), new("timeout", 'T'), new("quiet", 'q'), new("server-response", 'S'), new("no-check-certificate", 'N'), new("tries", 't')]);
        if (options.Operands.Count == 0)
        {
            self.Error.WriteLine("Usage: wget [-cqS] [--spider] [-O FILE] [-o LOGFILE]\n\t[-P DIR] [-U AGENT] [-T SEC] URL...");
            self.Exit(1);
            yield break;
        }

        foreach (var url in options.Operands)
        {
            yield return Wait.Call(Fetch(self, options, url));
            if (self.HasExited)
            {
                yield break;
            }
        }
    }

    private static IEnumerable<Wait> Fetch(Process self, CommandOptions options, string url)
    {
        if (HttpTarget.Parse(url) is not { } target)
        {
            Fail(self, $"not an http or ftp url: {url}");
            yield break;
        }

        var timeout = double.TryParse(options.Value('T'), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : DefaultTimeout;
        var headers = ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase)
            .Add("Host", target.Port == 80 ? target.Host : $"{target.Host}:{target.Port}")
            .Add("User-Agent", "Wget");
        var call = new HttpCall(self, target, new HttpRequest("GET", target.Path, "") { Headers = headers }) { Timeout = timeout };
        yield return Wait.Call(call.Run());
        if (call.Address is { } address && !options.Has('q'))
        {
            self.Error.WriteLine($"Connecting to {target.Host}{(target.Port == 80 ? "" : $":{target.Port}")} ({address}:{target.Port})");
        }

        if (call.Response is not { } response)
        {
            Fail(self, call.Failure switch
            {
                HttpFailure.UnknownHost => $"bad address '{target.Host}'",
                HttpFailure.ConnectFailed => $"can't connect to remote host ({call.Address}): {call.Attempt!.Error.Message()}",
                HttpFailure.ConnectTimeout or HttpFailure.Timeout => "download timed out",
                HttpFailure.Reset => "error getting response: Connection reset by peer",
                _ => "error getting response",
            });
            yield break;
        }

        if (response.StatusCode >= 400)
        {
            Fail(self, $"server returned error: HTTP/1.1 {response.StatusCode} {response.Reason}");
            yield break;
        }

        if (options.Has('s'))
        {
            self.Error.Write(options.Has('q') ? "" : "remote file exists\n");
            yield break;
        }

        Save(self, options, target, response.Body);
    }

    private static void Save(Process self, CommandOptions options, HttpTarget target, string body)
    {
        var last = target.Path.Split('?')[0];
        var name = options.Value('O') ?? (last[(last.LastIndexOf('/') + 1)..] is { Length: > 0 } part ? part : "index.html");
        if (name == "-")
        {
            self.Error.Write(options.Has('q') ? "" : "writing to stdout\n");
            self.Output.Write(body);
        }
        else
        {
            self.Error.Write(options.Has('q') ? "" : $"saving to '{name}'\n");
            self.Files.Write(FileSystem.Resolve(self.WorkingDirectory, name), body);
        }

        if (!options.Has('q'))
        {
            self.Error.Write($"{name,-20} 100% |********************************| {body.Length,5}  0:00:00 ETA\n{(name == "-" ? "written to stdout" : $"'{name}' saved")}\n");
        }
    }

    private static void Fail(Process self, string words)
    {
        self.Error.WriteLine("wget: " + words);
        self.Exit(1);
    }
}
