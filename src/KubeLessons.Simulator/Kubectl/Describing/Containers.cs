using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Printing;

namespace KubeLessons.Simulator.Kubectl.Describing;

/// <summary>The containers of a pod or of a pod template.</summary>
/// <param name="writer">Where they are described.</param>
/// <param name="pod">The pod, whose fields its variables may name; null: a template.</param>
internal sealed class Containers(DescribeWriter writer, Doc? pod)
{
    private string Space => pod is null ? "  " : "";

    public void Describe(string title, IReadOnlyList<Doc> containers, IReadOnlyList<Doc> statuses)
    {
        writer.Line(0, $"{Space}{title}:{(containers.Count == 0 ? " <none>" : "")}");
        foreach (var container in containers)
        {
            var status = statuses.FirstOrDefault(each => each.Text("name") == container.Text("name"));
            Basics(container, status);
            Words("Command", container);
            Words("Args", container);
            if (status is not null)
            {
                State("State", status.At("state"));
                if (status.At("lastState", "terminated") is not null)
                {
                    State("Last State", status.At("lastState"));
                }

                writer.Field(2, "Ready", status.Flag("ready") == true ? "True" : "False");
                writer.Field(2, "Restart Count", $"{status.Int("restartCount") ?? 0}");
            }

            Amounts("Limits", container.At("resources", "limits"));
            Amounts("Requests", container.At("resources", "requests"));
            foreach (var (label, field) in (ReadOnlySpan<(string, string)>)[("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe")])
            {
                if (container.At(field) is { } probe)
                {
                    writer.Field(2, label, Probe(probe));
                }
            }

            EnvironmentSources(container);
            Environment(container);
            Mounts(container);
        }
    }

    private void Basics(Doc container, Doc? status)
    {
        writer.Line(1, $"{(Space.Length > 0 ? " " : "")}{container.Text("name")}:");
        if (status is not null)
        {
            writer.Field(2, "Container ID", status.Text("containerID"));
        }

        writer.Field(2, "Image", container.Text("image"));
        if (status is not null)
        {
            writer.Field(2, "Image ID", status.Text("imageID"));
        }

        var ports = container.List("ports");
        Ports("Port", string.Join(", ", ports.Select(port => $"{port.Int("containerPort")}/{port.Text("protocol") ?? "TCP"}")));
        Ports("Host Port", string.Join(", ", ports.Select(port => $"{port.Int("hostPort") ?? 0}/{port.Text("protocol") ?? "TCP"}")));
    }

    private void Ports(string label, string ports) =>
        writer.Field(2, ports.Contains(',', StringComparison.Ordinal) ? label + "s" : label, ports.Length > 0 ? ports : "<none>");

    private void Words(string label, Doc container)
    {
        var words = container.List(label.ToLowerInvariant());
        if (words.IsEmpty)
        {
            return;
        }

        writer.Line(2, label + ":");
        foreach (var line in words.SelectMany(word => (word.AsText ?? "").Split('\n')))
        {
            writer.Line(3, line);
        }
    }

    private void State(string label, Doc? state)
    {
        if (state?.At("running") is { } running)
        {
            writer.Field(2, label, "Running");
            writer.Field(3, "Started", DescribeWriter.Time(running.Text("startedAt")));
        }
        else if (state?.At("terminated") is { } terminated)
        {
            writer.Field(2, label, "Terminated");
            Optional("Reason", terminated.Text("reason"));
            Optional("Message", terminated.Text("message"));
            writer.Field(3, "Exit Code", $"{terminated.Int("exitCode") ?? 0}");
            if (terminated.Int("signal") is > 0 and var signal)
            {
                writer.Field(3, "Signal", $"{signal}");
            }

            writer.Field(3, "Started", DescribeWriter.Time(terminated.Text("startedAt")));
            writer.Field(3, "Finished", DescribeWriter.Time(terminated.Text("finishedAt")));
        }
        else
        {
            writer.Field(2, label, "Waiting");
            Optional("Reason", state?.Text("waiting", "reason"));
        }
    }

    private void Optional(string label, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.Field(3, label, value);
        }
    }

    private void Amounts(string label, Doc? amounts)
    {
        if (amounts is not DocObject { Count: > 0 } map)
        {
            return;
        }

        writer.Line(2, label + ":");
        foreach (var (name, amount) in map.Fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            writer.Field(3, name, amount.AsText ?? amount.ToString());
        }
    }

    private static string Probe(Doc probe)
    {
        var timing = $"delay={probe.Int("initialDelaySeconds") ?? 0}s timeout={probe.Int("timeoutSeconds") ?? 0}s period={probe.Int("periodSeconds") ?? 0}s "
            + $"#success={probe.Int("successThreshold") ?? 0} #failure={probe.Int("failureThreshold") ?? 0}";
        if (probe.At("exec") is { } exec)
        {
            return $"exec [{string.Join(' ', exec.List("command").Select(word => word.AsText))}] {timing}";
        }

        if (probe.At("httpGet") is { } http)
        {
            return $"http-get {(http.Text("scheme") ?? "HTTP").ToLowerInvariant()}://{http.Text("host")}:{PortText(http.At("port"))}{http.Text("path")} {timing}";
        }

        if (probe.At("tcpSocket") is { } tcp)
        {
            return $"tcp-socket {tcp.Text("host")}:{PortText(tcp.At("port"))} {timing}";
        }

        return probe.At("grpc") is { } grpc ? $"grpc <pod>:{grpc.Int("port")} {grpc.Text("service")} {timing}" : $"unknown {timing}";
    }

    private static string PortText(Doc? port) => port?.AsText ?? port?.ToString() ?? "";

    private void EnvironmentSources(Doc container)
    {
        var sources = container.List("envFrom");
        if (sources.IsEmpty)
        {
            return;
        }

        writer.Line(2, "Environment Variables from:");
        foreach (var source in sources)
        {
            var (kind, reference) = source.At("configMapRef") is { } map ? ("ConfigMap", map) : ("Secret", source.At("secretRef") ?? Doc.Empty);
            var prefix = source.Text("prefix") is { Length: > 0 } given ? $" with prefix '{given}'" : "";
            writer.Line(3, $"{reference.Text("name")}\t{kind}{prefix}\tOptional: {Flag(reference.Flag("optional"))}");
        }
    }

    private void Environment(Doc container)
    {
        var variables = container.List("env");
        if (variables.IsEmpty)
        {
            writer.Field(2, "Environment", "<none>");
            return;
        }

        writer.Line(2, "Environment:");
        foreach (var variable in variables)
        {
            var name = variable.Text("name");
            if (variable.At("valueFrom") is not { } from)
            {
                var lines = (variable.Text("value") ?? "").Split('\n');
                writer.Field(3, name!, lines[0]);
                foreach (var line in lines.Skip(1))
                {
                    writer.Line(3, "\t" + line);
                }
            }
            else if (from.At("fieldRef") is { } field)
            {
                writer.Field(3, name!, $"{FieldValue(field.Text("fieldPath"))} ({field.Text("apiVersion") ?? "v1"}:{field.Text("fieldPath")})");
            }
            else if (from.At("resourceFieldRef") is { } amount)
            {
                writer.Field(3, name!, $"{ResourceValue(container, amount)} ({amount.Text("resource")})");
            }
            else if (from.At("secretKeyRef") is { } secret)
            {
                writer.Field(3, name!, $"<set to the key '{secret.Text("key")}' in secret '{secret.Text("name")}'>\tOptional: {Flag(secret.Flag("optional"))}");
            }
            else if (from.At("configMapKeyRef") is { } map)
            {
                writer.Field(3, name!, $"<set to the key '{map.Text("key")}' of config map '{map.Text("name")}'>\tOptional: {Flag(map.Flag("optional"))}");
            }
        }
    }

    // Only what stands in the pod's metadata is known to kubectl.
    private string FieldValue(string? path) => path switch
    {
        "metadata.name" => pod?.Text("metadata", "name") ?? "",
        "metadata.namespace" => pod?.Text("metadata", "namespace") ?? "",
        "metadata.uid" => pod?.Text("metadata", "uid") ?? "",
        _ => "",
    };

    private string ResourceValue(Doc container, Doc reference)
    {
        if (pod is null || reference.Text("resource")?.Split('.', 2) is not [var side, var name])
        {
            return "";
        }

        var divisor = Quantity.TryParse(reference.Text("divisor"), out var given) && given.Milli > 0 ? given.Milli : 1000;
        return Quantity.TryParse(container.Text("resources", side, name), out var amount)
            ? Math.Ceiling(amount.Milli / divisor).ToString("0", System.Globalization.CultureInfo.InvariantCulture)
            : "0";
    }

    private void Mounts(Doc container)
    {
        var mounts = container.List("volumeMounts");
        if (mounts.IsEmpty)
        {
            writer.Field(2, "Mounts", "<none>");
            return;
        }

        writer.Line(2, "Mounts:");
        foreach (var mount in mounts.OrderBy(mount => mount.Text("mountPath"), StringComparer.Ordinal))
        {
            var flags = mount.Flag("readOnly") == true ? "ro" : "rw";
            var path = mount.Text("subPath") is { Length: > 0 } below ? $",path=\"{below}\"" : "";
            writer.Line(3, $"{mount.Text("mountPath")} from {mount.Text("name")} ({flags}{path})");
        }
    }

    private static string Flag(bool? value) => value == true ? "true" : "false";
}
