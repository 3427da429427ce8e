using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet.Images.Programs;

/// <summary>A location of a server: where its files are, or the answer that it always gives.</summary>
internal sealed record NginxLocation(string Prefix, string? Root, int? ReturnCode, string ReturnText);

/// <summary>A server block.</summary>
internal sealed record NginxServer(ImmutableArray<int> Ports, string Root, string Index, ImmutableArray<NginxLocation> Locations);

/// <summary>
/// What nginx takes from <c>/etc/nginx/conf.d/*.conf</c>: the servers with their ports, roots, and locations with root or return. Other
/// directives are read over.
/// </summary>
internal sealed class NginxConfiguration
{
    public const string Directory = "/etc/nginx/conf.d";

    public const string Default =
        "server {\n    listen       80;\n    listen  [::]:80;\n    server_name  localhost;\n\n    location / {\n        root   /usr/share/nginx/html;\n"
        + "        index  index.html index.htm;\n    }\n\n    error_page   500 502 503 504  /50x.html;\n    location = /50x.html {\n        root   /usr/share/nginx/html;\n    }\n}\n";

    private readonly List<string> _words;
    private int _at;

    private NginxConfiguration(List<string> words) => _words = words;

    /// <summary>All servers; an error is worded as <c>nginx -t</c> words it.</summary>
    public static (ImmutableArray<NginxServer> Servers, string? Error) Read(FileSystem files)
    {
        var servers = ImmutableArray.CreateBuilder<NginxServer>();
        foreach (var name in files.List(Directory))
        {
            var path = $"{Directory}/{name}";
            if (!name.EndsWith(".conf", StringComparison.Ordinal) || files.Read(path) is not { } text)
            {
                continue;
            }

            var reader = new NginxConfiguration(Words(text));
            if (!reader.ReadServers(servers))
            {
                return ([], $"unexpected end of file, expecting \"}}\" in {path}:{text.Count(letter => letter == '\n')}");
            }
        }

        return (servers.ToImmutable(), null);
    }

    private bool ReadServers(ImmutableArray<NginxServer>.Builder servers)
    {
        while (_at < _words.Count)
        {
            var directive = ReadDirective(out var opensBlock);
            if (!opensBlock)
            {
                continue;
            }

            if (directive is not ["server"])
            {
                if (!SkipBlock())
                {
                    return false;
                }
            }
            else if (ReadServer() is { } server)
            {
                servers.Add(server);
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private NginxServer? ReadServer()
    {
        var ports = new SortedSet<int>();
        var (root, index) = ("/etc/nginx/html", "index.html");
        var locations = ImmutableArray.CreateBuilder<NginxLocation>();
        while (_at < _words.Count)
        {
            if (_words[_at] == "}")
            {
                _at++;
                return new NginxServer(ports.Count == 0 ? [80] : [.. ports], root, index, locations.ToImmutable());
            }

            var directive = ReadDirective(out var opensBlock);
            switch (directive)
            {
                case ["location", .., var prefix] when opensBlock:
                    if (ReadLocation(prefix) is not { } location)
                    {
                        return null;
                    }

                    locations.Add(location);
                    break;
                case ["listen", var address, ..]:
                    if (int.TryParse(address[(address.LastIndexOf(':') + 1)..], out var port))
                    {
                        ports.Add(port);
                    }

                    break;
                case ["root", var path]:
                    root = path;
                    break;
                case ["index", var first, ..]:
                    index = first;
                    break;
                default:
                    if (opensBlock && !SkipBlock())
                    {
                        return null;
                    }

                    break;
            }
        }

        return null;
    }

    private NginxLocation? ReadLocation(string prefix)
    {
        var location = new NginxLocation(prefix, null, null, "");
        while (_at < _words.Count)
        {
            if (_words[_at] == "}")
            {
                _at++;
                return location;
            }

            var directive = ReadDirective(out var opensBlock);
            location = directive switch
            {
                ["root", var root] => location with { Root = root },
                ["return", var code, .. var rest] when int.TryParse(code, out var number) =>
                    location with { ReturnCode = number, ReturnText = string.Join(' ', rest).Replace("\\n", "\n", StringComparison.Ordinal) },
                _ => location,
            };
            if (opensBlock && !SkipBlock())
            {
                return null;
            }
        }

        return null;
    }

    private List<string> ReadDirective(out bool opensBlock)
    {
        var words = new List<string>();
        while (_at < _words.Count)
        {
            var word = _words[_at++];
            if (word is ";" or "{" or "}")
            {
                opensBlock = word == "{";
                return words;
            }

            words.Add(word);
        }

        opensBlock = false;
        return words;
    }

    private bool SkipBlock()
    {
        for (var depth = 1; _at < _words.Count;)
        {
            depth += _words[_at++] switch { "{" => 1, "}" => -1, _ => 0 };
            if (depth == 0)
            {
                return true;
            }
        }

        return false;
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (letter == '#')
            {
                i = text.IndexOf('\n', i) is >= 0 and var end ? end : text.Length;
            }
            else if (letter is ';' or '{' or '}')
            {
                words.Add(letter.ToString());
            }
            else if (letter is '"' or '\'')
            {
                var end = text.IndexOf(letter, i + 1) is >= 0 and var close ? close : text.Length;
                words.Add(text[(i + 1)..end]);
                i = end;
            }
            else if (!char.IsWhiteSpace(letter))
            {
                var length = text.AsSpan(i).IndexOfAny(" \t\r\n;{}") is >= 0 and var stop ? stop : text.Length - i;
                words.Add(text.Substring(i, length));
                i += length - 1;
            }
        }

        return words;
    }
}
