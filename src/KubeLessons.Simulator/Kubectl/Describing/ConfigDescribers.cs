using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Describing;

/// <summary><c>kubectl describe</c> of config maps, secrets, service accounts and namespaces.</summary>
internal static class ConfigDescribers
{
    public static IEnumerable<Wait> ConfigMap(DescribeSession session, Doc value)
    {
        var writer = session.Writer;
        Head(writer, value);
        writer.Line(0, "\nData\n====");
        foreach (var (key, text) in Sorted(value.At("data")))
        {
            writer.Line(0, $"{key}:\n----\n{text.AsText}\n");
        }

        writer.Line(0, "\nBinaryData\n====");
        foreach (var (key, data) in Sorted(value.At("binaryData")))
        {
            writer.Line(0, $"{key}: {SizeOf(data)} bytes");
        }

        writer.Line(0, "");
        yield return Wait.Call(session.DescribeEvents(value));
    }

    public static IEnumerable<Wait> Secret(DescribeSession session, Doc value)
    {
        var writer = session.Writer;
        Head(writer, value);
        var type = value.Text("type");
        writer.Write($"\nType:\t{type}\n\nData\n====\n");
        foreach (var (key, data) in Sorted(value.At("data")))
        {
            writer.Field(0, key, key == "token" && type == "kubernetes.io/service-account-token" ? Decoded(data) : $"{SizeOf(data)} bytes");
        }

        yield break;
    }

    public static IEnumerable<Wait> ServiceAccount(DescribeSession session, Doc value)
    {
        var ns = value.Text("metadata", "namespace") ?? "";
        var name = value.Text("metadata", "name");
        yield return Wait.Call(session.List(ResourcePath.Core("secrets"), ns));
        var secrets = session.Items;
        var writer = session.Writer;
        Head(writer, value);
        Names("Image pull secrets", value.List("imagePullSecrets").Select(each => each.Text("name")!), reportsMissing: true);
        Names("Mountable secrets", value.List("secrets").Select(each => each.Text("name")!), reportsMissing: true);
        Names(
            "Tokens",
            secrets.Where(secret => secret.Text("type") == "kubernetes.io/service-account-token"
                && secret.At("metadata", "annotations")?.Text("kubernetes.io/service-account.name") == name
                && secret.At("metadata", "annotations")?.Text("kubernetes.io/service-account.uid") == value.Text("metadata", "uid")).Select(secret => secret.Text("metadata", "name")!),
            reportsMissing: false);
        yield return Wait.Call(session.DescribeEvents(value));

        void Names(string title, IEnumerable<string> names, bool reportsMissing)
        {
            var shown = names.Select(each => reportsMissing && secrets.All(secret => secret.Text("metadata", "name") != each) ? each + " (not found)" : each).ToList();
            writer.Field(0, title, shown.Count == 0 ? "<none>" : string.Join("\n\t", shown));
        }
    }

    public static IEnumerable<Wait> Namespace(DescribeSession session, Doc value)
    {
        var name = value.Text("metadata", "name") ?? "";
        yield return Wait.Call(session.List(ResourcePath.Core("resourcequotas"), name));
        var quotas = session.Items;
        yield return Wait.Call(session.List(ResourcePath.Core("limitranges"), name));
        var limits = session.Items;
        var writer = session.Writer;
        writer.Field(0, "Name", name);
        writer.Labels("Labels", value.At("metadata", "labels"));
        writer.Annotations("Annotations", value.At("metadata", "annotations"));
        writer.Field(0, "Status", value.Text("status", "phase"));
        if (value.List("status", "conditions") is { IsEmpty: false } conditions)
        {
            writer.Line(0, "Conditions:");
            writer.Line(1, "Type\tStatus\tLastTransitionTime\tReason\tMessage");
            writer.Line(1, "----\t------\t------------------\t------\t-------");
            foreach (var each in conditions)
            {
                writer.Line(1, $"{each.Text("type")}\t{each.Text("status")}\t{DescribeWriter.Time(each.Text("lastTransitionTime"))}\t{each.Text("reason")}\t{each.Text("message")}");
            }
        }

        writer.Line(0, "");
        PolicyTables.Quotas(writer, quotas);
        writer.Line(0, "");
        PolicyTables.Limits(writer, limits);
    }

    private static void Head(DescribeWriter writer, Doc value)
    {
        writer.Field(0, "Name", value.Text("metadata", "name"));
        writer.Field(0, "Namespace", value.Text("metadata", "namespace"));
        writer.Labels("Labels", value.At("metadata", "labels"));
        writer.Annotations("Annotations", value.At("metadata", "annotations"));
    }

    private static IEnumerable<KeyValuePair<string, Doc>> Sorted(Doc? map) => (map?.Fields ?? []).OrderBy(field => field.Key, StringComparer.Ordinal);

    private static int SizeOf(Doc base64) => Bytes(base64).Length;

    private static string Decoded(Doc base64) => System.Text.Encoding.UTF8.GetString(Bytes(base64));

    private static byte[] Bytes(Doc base64)
    {
        var text = base64.AsText ?? "";
        var buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text, buffer, out var length) ? buffer[..length] : [];
    }
}
