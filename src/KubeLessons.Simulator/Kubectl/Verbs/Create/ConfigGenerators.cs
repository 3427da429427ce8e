using System.Text;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Printing;

namespace KubeLessons.Simulator.Kubectl.Verbs.Create;

/// <summary><c>kubectl create configmap</c> and <c>kubectl create secret …</c>.</summary>
internal static class ConfigGenerators
{
    private static readonly FlagSpec[] Sources = [FlagSpec.List("from-file"), FlagSpec.Array("from-literal"), FlagSpec.List("from-env-file"), FlagSpec.Switch("append-hash")];

    public static Command ConfigMap { get; } = new Generator(new("", "v1", "configmaps"), true, "failed to create configmap: ", MakeConfigMap).Command(
        "configmap",
        "NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none] [options]",
        "Create a config map from a local file, directory or literal value",
        ["cm"],
        [.. Sources]);

    public static Command Secret { get; } = new("secret", "(docker-registry | generic | tls) [options]", "Create a secret using a specified subcommand")
    {
        Children =
        [
            SecretGenerator(MakeDockerRegistry).Command(
                "docker-registry",
                "NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [options]",
                "Create a secret for use with a Docker registry",
                [],
                FlagSpec.Text("docker-server", value: "https://index.docker.io/v1/"),
                FlagSpec.Text("docker-username"),
                FlagSpec.Text("docker-password"),
                FlagSpec.Text("docker-email")),
            SecretGenerator(MakeGeneric).Command(
                "generic",
                "NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none] [options]",
                "Create a secret from a local file, directory, or literal value",
                [],
                [.. Sources, FlagSpec.Text("type")]),
            SecretGenerator(MakeTls).Command(
                "tls",
                "NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none] [options]",
                "Create a TLS secret",
                [],
                FlagSpec.Text("cert"),
                FlagSpec.Text("key")),
        ],
    };

    private static Generator SecretGenerator(Func<Invocation, string, Made> make) => new(new("", "v1", "secrets"), true, "failed to create secret ", make);

    private static Made MakeConfigMap(Invocation call, string name)
    {
        var (data, error) = ReadData(call, "ConfigMap", name);
        return data is null ? Made.Fault(error!) : MadeObjects.Object("ConfigMap", "v1", MadeObjects.Metadata(name), ("data", data.Count > 0 ? Doc.Map(data) : null));
    }

    private static Made MakeGeneric(Invocation call, string name)
    {
        var (data, error) = ReadData(call, "Secret", name);
        return data is null ? Made.Fault(error!) : SecretObject(name, data, call.Flags.Text("type"));
    }

    private static Made MakeTls(Invocation call, string name)
    {
        var data = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (flag, key) in (ReadOnlySpan<(string, string)>)[("cert", "tls.crt"), ("key", "tls.key")])
        {
            var file = call.Flags.Text(flag);
            if (file.Length == 0)
            {
                return Made.Fault("key and cert must be specified");
            }

            if (call.Self.Files.Read(call.PathOf(file)) is not { } text)
            {
                return Made.Fault($"Cannot read file {file}, open {file}: no such file or directory");
            }

            data[key] = text;
        }

        return SecretObject(name, data, "kubernetes.io/tls");
    }

    private static Made MakeDockerRegistry(Invocation call, string name)
    {
        var (user, password, email) = (call.Flags.Text("docker-username"), call.Flags.Text("docker-password"), call.Flags.Text("docker-email"));
        if (user.Length == 0 || password.Length == 0)
        {
            return Made.Fault("either --from-file or the combination of --docker-username, --docker-password and --docker-server is required");
        }

        var auths = Doc.Obj(("auths", Doc.Obj((call.Flags.Text("docker-server"), Doc.Obj(
            ("username", user),
            ("password", password),
            ("email", email.Length > 0 ? email : null),
            ("auth", Base64($"{user}:{password}")))))));
        return SecretObject(
            name,
            new SortedDictionary<string, string>(StringComparer.Ordinal) { [".dockerconfigjson"] = auths.ToString() },
            "kubernetes.io/dockerconfigjson");
    }

    private static DocObject SecretObject(string name, SortedDictionary<string, string> data, string type) => MadeObjects.Object(
        "Secret",
        "v1",
        MadeObjects.Metadata(name),
        ("data", data.Count > 0 ? Doc.Map(data.Select(entry => KeyValuePair.Create(entry.Key, Base64(entry.Value)))) : null),
        ("type", type.Length > 0 ? type : null));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static (SortedDictionary<string, string>? Data, string? Error) ReadData(Invocation call, string kind, string name)
    {
        var data = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var error = call.Flags.List("from-file").Select(source => AddFile(call, data, source, kind, name)).FirstOrDefault(fault => fault is not null)
            ?? call.Flags.List("from-literal").Select(source => AddLiteral(data, source, kind, name)).FirstOrDefault(fault => fault is not null)
            ?? call.Flags.List("from-env-file").Select(source => AddEnvFile(call, data, source, kind, name)).FirstOrDefault(fault => fault is not null);
        return error is null ? (data, null) : (null, error);
    }

    private static string? AddLiteral(SortedDictionary<string, string> data, string source, string kind, string name)
    {
        var equals = source.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            return $"invalid literal source {source}, expected key=value";
        }

        var value = source[(equals + 1)..];
        return Add(data, source[..equals], value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0] ? value[1..^1] : value, kind, name);
    }

    private static string? AddFile(Invocation call, SortedDictionary<string, string> data, string source, string kind, string name)
    {
        var parts = source.Split('=');
        if (parts.Length > 2)
        {
            return "key names or file paths cannot contain '='";
        }

        if (parts.Length == 2 && (parts[0].Length == 0 || parts[1].Length == 0))
        {
            return parts[0].Length == 0 ? $"key name for file path {parts[1]} missing" : $"file path for key name {parts[0]} missing";
        }

        var path = call.PathOf(parts[^1]);
        if (call.Self.Files.Find(path) is not { } node)
        {
            return $"error reading {parts[^1]}: no such file or directory";
        }

        if (node.Kind == FileKind.File)
        {
            return Add(data, parts.Length == 2 ? parts[0] : path[(path.LastIndexOf('/') + 1)..], node.Content, kind, name);
        }

        if (parts.Length == 2)
        {
            return "cannot give a key name for a directory path";
        }

        return call.Self.Files.List(path)
            .Where(entry => !call.Self.Files.IsDirectory(FileSystem.Resolve(path, entry)))
            .Select(entry => Add(data, entry, call.Self.Files.Read(FileSystem.Resolve(path, entry)) ?? "", kind, name))
            .FirstOrDefault(fault => fault is not null);
    }

    private static string? AddEnvFile(Invocation call, SortedDictionary<string, string> data, string source, string kind, string name)
    {
        if (call.Self.Files.Read(call.PathOf(source)) is not { } text)
        {
            return $"error reading {source}: no such file or directory";
        }

        foreach (var line in text.Split('\n').Select(line => line.TrimStart()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (Add(data, equals < 0 ? line : line[..equals], equals < 0 ? call.Self.Environment.GetValueOrDefault(line, "") : line[(equals + 1)..], kind, name) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static string? Add(SortedDictionary<string, string> data, string key, string value, string kind, string name)
    {
        if (key.Length == 0 || !key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            return $"{GoText.Quote(key)} is not a valid key name for a {kind}: a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
        }

        return data.TryAdd(key, value) ? null : $"cannot add key \"{key}\", another key by that name already exists in Data for {kind} \"{name}\"";
    }
}
