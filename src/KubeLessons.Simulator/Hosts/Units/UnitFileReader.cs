using System.Collections.Immutable;
using System.Globalization;

namespace KubeLessons.Simulator.Hosts;

/// <summary>Reads unit files and their drop-ins from a host's disk (systemd.unit(5)), as far as simulated units go.</summary>
public static class UnitFileReader
{
    /// <summary>Where units lie, the stronger first.</summary>
    public static ImmutableArray<string> Directories { get; } = ["/etc/systemd/system", "/run/systemd/system", "/lib/systemd/system", "/usr/lib/systemd/system"];

    private const string Suffix = ".service";

    /// <summary>All units on a disk, by name; a name that is only a link to another unit is that unit's alias.</summary>
    public static IEnumerable<UnitFile> ReadAll(FileSystem files)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var directory in Directories)
        {
            if (!files.Exists(directory))
            {
                continue;
            }

            foreach (var entry in files.List(directory))
            {
                if (!entry.EndsWith(Suffix, StringComparison.Ordinal) || IsAlias(files, directory + "/" + entry, entry) || !seen.Add(entry))
                {
                    continue;
                }

                if (Read(files, entry[..^Suffix.Length], directory + "/" + entry) is { } unit)
                {
                    yield return unit;
                }
            }
        }
    }

    /// <summary>The command line's words, <c>$NAME</c> replaced by the words of a variable.</summary>
    public static ImmutableArray<string> Words(string commandLine, IReadOnlyDictionary<string, string> environment)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        foreach (var word in Split(commandLine))
        {
            if (word.Length > 1 && word[0] == '$')
            {
                words.AddRange(Split(environment.GetValueOrDefault(word[1..].Trim('{', '}'), "")));
            }
            else
            {
                words.Add(word);
            }
        }

        return words.ToImmutable();
    }

    private static bool IsAlias(FileSystem files, string path, string entry) =>
        files.FindNoFollow(path) is { Kind: FileKind.Link } link && !link.Content.EndsWith("/" + entry, StringComparison.Ordinal)
        && link.Content != "/dev/null";

    private static UnitFile? Read(FileSystem files, string name, string path)
    {
        var sources = ImmutableArray.Create(path);
        foreach (var directory in Directories.Reverse())
        {
            var dropIns = $"{directory}/{name}{Suffix}.d";
            if (files.IsDirectory(dropIns))
            {
                sources = sources.AddRange(files.List(dropIns)
                    .Where(file => file.EndsWith(".conf", StringComparison.Ordinal))
                    .Select(file => dropIns + "/" + file));
            }
        }

        if (files.Read(path) is null)
        {
            return null;
        }

        var settings = new Settings();
        foreach (var source in sources)
        {
            settings.Add(files.Read(source) ?? "");
        }

        return ToUnit(files, name, settings, sources);
    }

    private static UnitFile ToUnit(FileSystem files, string name, Settings settings, ImmutableArray<string> sources)
    {
        var wantedBy = settings.Words("Install", "WantedBy");
        var type = settings.Last("Service", "Type") ?? "simple";
        return new UnitFile(name, settings.Last("Unit", "Description") ?? name + Suffix, null, settings.Last("Service", "ExecStart") ?? "")
        {
            Restart = Policy(settings.Last("Service", "Restart")),
            RestartDelay = Seconds(settings.Last("Service", "RestartSec")),
            StartLimitBurst = int.TryParse(settings.Last("Unit", "StartLimitBurst"), out var burst) ? burst : 5,
            StartLimitInterval = Seconds(settings.Last("Unit", "StartLimitIntervalSec") ?? settings.Last("Unit", "StartLimitInterval"))
                ?? TimeSpan.FromSeconds(10),
            StopTimeout = Seconds(settings.Last("Service", "TimeoutStopSec")) ?? TimeSpan.FromSeconds(90),
            ExecStop = settings.Last("Service", "ExecStop"),
            IsOneShot = type == "oneshot",
            IsNotify = type is "notify" or "notify-reload",
            KillsMainOnly = settings.Last("Service", "KillMode") == "process",
            IsStatic = wantedBy.IsEmpty && settings.Words("Install", "Alias").IsEmpty,
            WantedBy = wantedBy,
            Aliases = [.. settings.Words("Install", "Alias").Select(Plain)],
            After = [.. settings.Words("Unit", "After").Concat(settings.Words("Unit", "Requires")).Select(Plain)],
            Documentation = settings.Words("Unit", "Documentation"),
            User = settings.Last("Service", "User") ?? "root",
            Environment = ReadEnvironment(files, settings),
            IsEnabled = wantedBy.Any(target => files.FindNoFollow($"/etc/systemd/system/{target}.wants/{name}{Suffix}") is not null),
            Sources = sources,
        };
    }

    private static ImmutableDictionary<string, string> ReadEnvironment(FileSystem files, Settings settings)
    {
        var lines = settings.All("Service", "Environment").SelectMany(Split).ToList();
        foreach (var file in settings.All("Service", "EnvironmentFile"))
        {
            lines.AddRange((files.Read(file.TrimStart('-')) ?? "").Split('\n').Where(line => !line.StartsWith('#')));
        }

        var environment = ImmutableDictionary<string, string>.Empty;
        foreach (var line in lines)
        {
            if (line.IndexOf('=') is > 0 and var at)
            {
                environment = environment.SetItem(line[..at].Trim(), line[(at + 1)..].Trim().Trim('"'));
            }
        }

        return environment;
    }

    private static string Plain(string unit) => unit.EndsWith(Suffix, StringComparison.Ordinal) ? unit[..^Suffix.Length] : unit;

    private static RestartPolicy Policy(string? word) => word switch
    {
        "always" => RestartPolicy.Always,
        "on-failure" => RestartPolicy.OnFailure,
        "on-success" => RestartPolicy.OnSuccess,
        "on-abnormal" or "on-abort" or "on-watchdog" => RestartPolicy.OnAbnormal,
        _ => RestartPolicy.No,
    };

    // "90", "10s", "5min", "500ms" (systemd.time(7)); a sum of several is rare enough to be left out.
    private static TimeSpan? Seconds(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var digits = text.AsSpan().IndexOfAnyExcept("0123456789.") is >= 0 and var end ? text[..end] : text;
        if (!double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return null;
        }

        return text[digits.Length..].Trim() switch
        {
            "ms" => TimeSpan.FromMilliseconds(value),
            "min" or "m" => TimeSpan.FromMinutes(value),
            "h" => TimeSpan.FromHours(value),
            _ => TimeSpan.FromSeconds(value),
        };
    }

    private static List<string> Split(string text)
    {
        var words = new List<string>();
        var (word, quote, isOpen) = (new System.Text.StringBuilder(), '\0', false);
        foreach (var letter in text)
        {
            if (quote != '\0' ? letter == quote : letter is '"' or '\'')
            {
                quote = quote == '\0' ? letter : '\0';
                isOpen = true;
            }
            else if (quote == '\0' && letter is ' ' or '\t')
            {
                Close();
            }
            else
            {
                word.Append(letter);
                isOpen = true;
            }
        }

        Close();
        return words;

        void Close()
        {
            if (isOpen)
            {
                words.Add(word.ToString());
                word.Clear();
                isOpen = false;
            }
        }
    }

    /// <summary>The lines of all sources: a key may come several times, and an empty value forgets the earlier ones.</summary>
    private sealed class Settings
    {
        private readonly Dictionary<(string Section, string Key), List<string>> _values = [];

        public void Add(string text)
        {
            var section = "";
            foreach (var raw in text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
            {
                var line = raw.Trim();
                if (line.Length == 0 || line[0] is '#' or ';')
                {
                    continue;
                }

                if (line[0] == '[')
                {
                    section = line.Trim('[', ']');
                }
                else if (line.IndexOf('=') is > 0 and var at)
                {
                    Put((section, line[..at].Trim()), line[(at + 1)..].Trim());
                }
            }
        }

        public string? Last(string section, string key) =>
            _values.TryGetValue((section, key), out var values) && values.Count > 0 ? values[^1] : null;

        public IReadOnlyList<string> All(string section, string key) => _values.GetValueOrDefault((section, key)) ?? [];

        public ImmutableArray<string> Words(string section, string key) =>
            [.. All(section, key).SelectMany(value => value.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

        private void Put((string, string) key, string value)
        {
            if (!_values.TryGetValue(key, out var values))
            {
                _values.Add(key, values = []);
            }

            if (value.Length == 0)
            {
                values.Clear();
            }
            else
            {
                values.Add(value);
            }
        }
    }
}
