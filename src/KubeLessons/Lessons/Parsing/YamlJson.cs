using System.Globalization;
using System.Text.Json;

namespace KubeLessons.Lessons.Parsing;

/// <summary>Makes JSON of YAML by the core schema of YAML 1.2: plain null, true, false and numbers are such; all else is text.</summary>
internal static class YamlJson
{
    /// <summary>The JSON of a node. Each text in it is shown to <paramref name="onText"/>.</summary>
    public static JsonElement ToJson(YamlNode node, Action<YamlScalar> onText)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(writer, node, onText);
        buffer.Position = 0;
        using var document = JsonDocument.Parse(buffer);
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter writer, YamlNode node, Action<YamlScalar> onText)
    {
        switch (node)
        {
            case YamlMapping mapping:
                writer.WriteStartObject();
                foreach (var entry in mapping.Entries)
                {
                    writer.WritePropertyName(entry.Key.Value);
                    Write(writer, entry.Value, onText);
                }

                writer.WriteEndObject();
                break;
            case YamlList list:
                writer.WriteStartArray();
                foreach (var item in list.Items) Write(writer, item, onText);
                writer.WriteEndArray();
                break;
            case YamlScalar scalar:
                WriteScalar(writer, scalar, onText);
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter writer, YamlScalar scalar, Action<YamlScalar> onText)
    {
        const NumberStyles Real = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (scalar.IsNull)
            writer.WriteNullValue();
        else if (scalar.IsPlain && scalar.Value is "true" or "false")
            writer.WriteBooleanValue(scalar.Value == "true");
        else if (scalar.IsPlain && long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            writer.WriteNumberValue(whole);
        else if (scalar.IsPlain && double.TryParse(scalar.Value, Real, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real))
            writer.WriteNumberValue(real);
        else
        {
            onText(scalar);
            writer.WriteStringValue(scalar.Value);
        }
    }
}
