using System.Text;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Hosts.Tools.Etcd;

/// <summary>
/// An object as it lies in etcd. Kubernetes keeps its own kinds in protobuf behind the four bytes <c>k8s\0</c>, in which names
/// and values can be read between bytes that cannot (a Secret's too, while nobody encrypts them); other kinds are kept as JSON.
/// The numbers of the fields are not Kubernetes' own: nothing decodes them.
/// </summary>
internal static class EtcdValue
{
    public static string Text(Doc value)
    {
        if (value.Text("kind") is not { } kind)
        {
            return value.Text("value") ?? "";
        }

        var version = value.Text("apiVersion") ?? "v1";
        var slash = version.IndexOf('/');
        if (slash > 0 && version.AsSpan(0, slash).Contains('.') && !version.AsSpan(0, slash).EndsWith(".k8s.io"))
        {
            return DocJson.Write(value) + "\n";
        }

        var text = new StringBuilder("k8s\0\n");
        var head = Field(1, version) + Field(2, kind);
        var body = new StringBuilder();
        Write(body, value, isSecret: kind == "Secret");
        return text.Append(Length(head)).Append(head).Append((char)0x12).Append(Length(body.ToString())).Append(body).Append("\u001a\0\"\0").ToString();
    }

    private static void Write(StringBuilder text, Doc value, bool isSecret)
    {
        var number = 1;
        foreach (var (name, field) in value.Fields)
        {
            if (name is "kind" or "apiVersion" or "managedFields")
            {
                continue;
            }

            Add(text, number, field, isSecret && name == "data", isMap: name is "labels" or "annotations" or "data" or "matchLabels" or "nodeSelector");
            number++;
        }
    }

    private static void Add(StringBuilder text, int number, Doc field, bool isSecret, bool isMap)
    {
        if (isMap)
        {
            foreach (var (key, value) in field.Fields)
            {
                var plain = value.AsText ?? "";
                text.Append(Field(number, Field(1, key) + Field(2, isSecret ? Encoding.UTF8.GetString(Convert.FromBase64String(plain)) : plain)));
            }
        }
        else if (field.AsText is { } words)
        {
            text.Append(Field(number, words));
        }
        else if (field.AsInt is { } whole)
        {
            text.Append((char)((number << 3) & 0x7f)).Append((char)(whole & 0x7f));
        }
        else if (field.AsBool is { } flag)
        {
            text.Append((char)((number << 3) & 0x7f)).Append((char)(flag ? 1 : 0));
        }
        else
        {
            foreach (var item in field.Items)
            {
                Add(text, number, item, isSecret, isMap: false);
            }

            var inner = new StringBuilder();
            Write(inner, field, isSecret);
            text.Append(inner.Length == 0 ? "" : Field(number, inner.ToString()));
        }
    }

    private static string Field(int number, string content) => (char)(((number << 3) | 2) & 0x7f) + Length(content) + content;

    private static string Length(string content)
    {
        var (text, left) = (new StringBuilder(), content.Length);
        for (; left > 0x7f; left >>= 7)
        {
            text.Append((char)((left & 0x7f) | 0x80));
        }

        return text.Append((char)left).ToString();
    }
}
