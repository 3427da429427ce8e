using System.Collections.Immutable;
using System.Text;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;

namespace KubeLessons.Simulator.Kubectl.Verbs.Config;

/// <summary>The <c>kubectl config</c> commands that write a kubeconfig file: the first of the files that has what is changed, else the last.</summary>
internal static class ConfigChanges
{
    public static IEnumerable<Wait> UseContext(Invocation call)
    {
        if (call.Args is not [var name])
        {
            call.Out(HelpPage.Of(call.Command));
            call.FailUsage("Unexpected args: [" + string.Join(' ', call.Args) + "]");
        }
        else if (call.Config is { } config)
        {
            if (config.Entry("contexts", name) is null)
            {
                call.Fail($"no context exists with the name: \"{name}\"");
            }
            else
            {
                Write(call, file => file.With(name, "current-context"), file => file.Text("current-context") is { Length: > 0 });
                call.OutLine($"Switched to context \"{name}\".");
            }
        }

        yield break;
    }

    public static IEnumerable<Wait> SetContext(Invocation call)
    {
        var isCurrent = call.Flags.Flag("current");
        if (call.Args.IsEmpty && !isCurrent)
        {
            call.Fail("you must specify a non-empty context name or --current");
            yield break;
        }

        if (!call.Args.IsEmpty && isCurrent)
        {
            call.Fail("you cannot specify both a context name and --current");
            yield break;
        }

        if (call.Config is not { } config)
        {
            yield break;
        }

        var name = isCurrent ? config.CurrentContext : call.Args[0];
        if (name.Length == 0)
        {
            call.Fail("no current context is set");
            yield break;
        }

        var existing = config.Entry("contexts", name);
        var changed = existing ?? Doc.Empty;
        foreach (var field in (ReadOnlySpan<string>)["cluster", "user", "namespace"])
        {
            if (call.Flags.Has(field))
            {
                changed = changed.With(call.Flags.Text(field) is { Length: > 0 } value ? value : null, field);
            }
        }

        Put(call, "contexts", "context", name, changed);
        call.OutLine($"Context \"{name}\" {(existing is null ? "created" : "modified")}.");
    }

    public static IEnumerable<Wait> SetCluster(Invocation call) => SetEntry(call, "clusters", "cluster", "Cluster", changed =>
    {
        changed = call.Flags.Has("server") ? changed.With(call.Flags.Text("server"), "server") : changed;
        changed = call.Flags.Has("certificate-authority") ? changed.With(call.Flags.Text("certificate-authority"), "certificate-authority") : changed;
        return call.Flags.Has("insecure-skip-tls-verify") ? changed.With(call.Flags.Flag("insecure-skip-tls-verify") ? true : null, "insecure-skip-tls-verify") : changed;
    });

    public static IEnumerable<Wait> SetCredentials(Invocation call) => SetEntry(call, "users", "user", "User", changed =>
    {
        foreach (var field in (ReadOnlySpan<string>)["token", "client-certificate", "client-key", "username", "password"])
        {
            changed = call.Flags.Has(field) ? changed.With(call.Flags.Text(field), field) : changed;
        }

        return changed;
    });

    public static IEnumerable<Wait> RenameContext(Invocation call)
    {
        if (call.Args is not [var old, var name])
        {
            call.FailUsage("Unexpected args: [" + string.Join(' ', call.Args) + "]");
            yield break;
        }

        if (call.Config is not { } config)
        {
            yield break;
        }

        if (config.Entry("contexts", old) is null)
        {
            call.Fail($"cannot rename the context \"{old}\", it's not in {config.Files[0]}");
            yield break;
        }

        if (config.Entry("contexts", name) is not null)
        {
            call.Fail($"cannot rename the context \"{old}\", the context \"{name}\" already exists in {config.Files[0]}");
            yield break;
        }

        Write(
            call,
            file => Renamed(file, old, name),
            file => file.List("contexts").Any(entry => entry.Text("name") == old));
        call.OutLine($"Context \"{old}\" renamed to \"{name}\".");
    }

    public static IEnumerable<Wait> Delete(Invocation call, string part)
    {
        if (call.Args is not [var name])
        {
            call.Out(HelpPage.Of(call.Command));
            yield break;
        }

        if (call.Config is not { } config)
        {
            yield break;
        }

        if (config.Entry(part + "s", name) is null)
        {
            call.Fail($"cannot delete {part} {name}, not in {config.Files[0]}");
            yield break;
        }

        if (part == "context" && config.Merged.Text("current-context") == name)
        {
            call.Err("warning: this removed your active context, use \"kubectl config use-context\" to select a different one\n");
        }

        Write(
            call,
            file => file.With(Doc.Arr(file.List(part + "s").Where(entry => entry.Text("name") != name)), part + "s"),
            file => file.List(part + "s").Any(entry => entry.Text("name") == name));
        call.OutLine($"deleted {part} {name} from {config.Files[0]}");
    }

    public static IEnumerable<Wait> Set(Invocation call)
    {
        if (call.Args is not [var property, var value])
        {
            call.FailUsage("Unexpected args: [" + string.Join(' ', call.Args) + "]");
            yield break;
        }

        if (call.Config is not null && Change(call, property, value))
        {
            call.OutLine($"Property \"{property}\" set.");
        }
    }

    public static IEnumerable<Wait> Unset(Invocation call)
    {
        if (call.Args is not [var property])
        {
            call.FailUsage("Unexpected args: [" + string.Join(' ', call.Args) + "]");
            yield break;
        }

        if (call.Config is not null && Change(call, property, null))
        {
            call.OutLine($"Property \"{property}\" unset.");
        }
    }

    // "current-context", "contexts.NAME.namespace", "clusters.NAME.server", "users.NAME.token"…; names may hold dots.
    private static bool Change(Invocation call, string property, string? value)
    {
        if (property == "current-context")
        {
            Write(call, file => value is null ? file.Without("current-context") : file.With(value, "current-context"), _ => true);
            return true;
        }

        var first = property.IndexOf('.', StringComparison.Ordinal);
        var list = first < 0 ? property : property[..first];
        if (list is not ("clusters" or "contexts" or "users"))
        {
            call.Fail($"invalid property name: {property}");
            return false;
        }

        var last = property.LastIndexOf('.');
        var part = list[..^1];
        if (first < 0 || last == first)
        {
            Write(call, file => first < 0
                ? file.Without(list)
                : file.With(Doc.Arr(file.List(list).Where(entry => entry.Text("name") != property[(first + 1)..])), list), _ => true);
            return true;
        }

        var name = property[(first + 1)..last];
        var field = property[(last + 1)..];
        var changed = (call.Config!.Entry(list, name) ?? Doc.Empty).With(value, field);
        Put(call, list, part, name, changed);
        return true;
    }

    private static IEnumerable<Wait> SetEntry(Invocation call, string list, string part, string title, Func<Doc, Doc> change)
    {
        if (call.Args is not [var name])
        {
            call.FailUsage("Unexpected args: [" + string.Join(' ', call.Args) + "]");
            yield break;
        }

        if (call.Config is { } config)
        {
            Put(call, list, part, name, change(config.Entry(list, name) ?? Doc.Empty));
            call.OutLine($"{title} \"{name}\" set.");
        }
    }

    private static Doc Renamed(Doc file, string old, string name)
    {
        var renamed = file.With(Doc.Arr(file.List("contexts").Select(entry => entry.Text("name") == old ? entry.With(name, "name") : entry)), "contexts");
        return renamed.Text("current-context") == old ? renamed.With(name, "current-context") : renamed;
    }

    private static void Put(Invocation call, string list, string part, string name, Doc value) => Write(
        call,
        file =>
        {
            var entry = Doc.Obj((part, value), ("name", name));
            var entries = file.List(list);
            return file.With(
                entries.Any(each => each.Text("name") == name)
                    ? Doc.Arr(entries.Select(each => each.Text("name") == name ? entry : each))
                    : Doc.Arr([.. entries, entry]),
                list);
        },
        file => file.List(list).Any(each => each.Text("name") == name));

    private static void Write(Invocation call, Func<Doc, Doc> change, Func<Doc, bool> hasIt)
    {
        var files = call.Config!.Files;
        var path = files.FirstOrDefault(file => hasIt(Read(call, file))) ?? files[^1];
        var changed = change(Read(call, path));
        foreach (var (field, value) in (ReadOnlySpan<(string, Doc)>)[("apiVersion", "v1"), ("kind", "Config"), ("preferences", Doc.Empty)])
        {
            changed = changed.At(field) is null ? changed.With(value, field) : changed;
        }

        foreach (var list in (ReadOnlySpan<string>)["clusters", "contexts", "users"])
        {
            changed = changed.With(Doc.Arr(changed.List(list).OrderBy(entry => entry.Text("name"), StringComparer.Ordinal)), list);
        }

        call.Self.Files.Write(path, DocYaml.Write(changed), 0b110_000_000);
    }

    private static Doc Read(Invocation call, string path) =>
        call.Self.Files.Read(path) is { } text && DocYaml.TryParse(text, out var value, out _) && value is not null ? value : Doc.Empty;
}
