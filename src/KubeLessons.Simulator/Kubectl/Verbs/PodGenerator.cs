using System.Globalization;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Verbs.Create;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary>The objects that <c>kubectl run</c> makes of its flags.</summary>
internal static class PodGenerator
{
    public static Made Make(Invocation call)
    {
        var flags = call.Flags;
        var name = call.Args[0];
        var (labels, labelFault) = LabelsOf(flags.Text("labels"), name);
        if (labels is null)
        {
            return Made.Fault(labelFault!);
        }

        var env = new List<Doc>();
        foreach (var entry in flags.List("env"))
        {
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                return Made.Fault("invalid env: " + entry);
            }

            env.Add(Doc.Obj(("name", entry[..equals]), ("value", equals + 1 < entry.Length ? entry[(equals + 1)..] : null)));
        }

        var port = flags.Text("port");
        var number = 0L;
        if (port.Length > 0 && !long.TryParse(port, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
        {
            return Made.Fault($"strconv.Atoi: parsing \"{port}\": invalid syntax");
        }

        var words = MadeObjects.Texts(call.Args.Skip(1));
        var stdin = flags.Flag("stdin");
        var container = Doc.Obj(
            ("name", name),
            ("image", flags.Text("image")),
            ("command", flags.Flag("command") ? words : null),
            ("args", flags.Flag("command") ? null : words),
            ("ports", port.Length > 0 ? Doc.Arr(Doc.Obj(("containerPort", number))) : null),
            ("env", env.Count > 0 ? Doc.Arr(env) : null),
            ("resources", Doc.Empty),
            ("imagePullPolicy", flags.Text("image-pull-policy") is { Length: > 0 } policy ? policy : null),
            ("securityContext", flags.Flag("privileged") ? Doc.Obj(("privileged", true)) : null),
            ("stdin", stdin ? true : null),
            ("stdinOnce", stdin && !flags.Flag("leave-stdin-open") ? true : null),
            ("tty", flags.Flag("tty") ? true : null));
        var annotations = Doc.Map(flags.List("annotations").Select(entry => entry.Split('=', 2)).Where(sides => sides.Length == 2).Select(sides => KeyValuePair.Create(sides[0], sides[1])));
        return MadeObjects.Object(
            "Pod",
            "v1",
            MadeObjects.Metadata(name, labels, annotations),
            ("spec", Doc.Obj(("containers", Doc.Arr(container)), ("restartPolicy", flags.Text("restart")), ("dnsPolicy", "ClusterFirst"))),
            ("status", Doc.Empty));
    }

    /// <summary><c>kubectl run --expose</c>: a service on the same port.</summary>
    public static Doc ServiceFor(Invocation call)
    {
        var name = call.Args[0];
        var port = long.TryParse(call.Flags.Text("port"), out var number) ? number : 0;
        var service = MadeObjects.Object(
            "Service",
            "v1",
            MadeObjects.Metadata(name),
            ("spec", Doc.Obj(
                ("ports", Doc.Arr(Doc.Obj(("protocol", "TCP"), ("port", port), ("targetPort", port)))),
                ("selector", LabelsOf(call.Flags.Text("labels"), name).Labels))),
            ("status", Doc.Obj(("loadBalancer", Doc.Empty))));
        return call.Flags.Text("dry-run") == "client" && !call.NamespaceIsEnforced ? service : MadeObjects.InNamespace(service, call.Namespace);
    }

    /// <summary>Labels from <c>a=b,c=d</c>; without any, <c>run=NAME</c>.</summary>
    private static (DocObject? Labels, string? Error) LabelsOf(string text, string name)
    {
        if (text.Length == 0)
        {
            return (Doc.Obj(("run", name)), null);
        }

        var labels = new DocObjectBuilder();
        foreach (var part in text.Split(','))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                return (null, "unexpected label spec: " + text);
            }

            labels.Set(part[..equals], part[(equals + 1)..]);
        }

        return (labels.ToObject(), null);
    }
}
