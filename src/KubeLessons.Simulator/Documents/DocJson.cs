using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace KubeLessons.Simulator.Documents;

/// <summary>JSON text to <see cref="Doc"/> and back.</summary>
public static class DocJson
{
    /// <summary>Objects and arrays may be nested this deep; deeper input is refused (kube-apiserver's limit is of the same order).</summary>
    public const int MaxDepth = 256;

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };
    private static readonly JsonWriterOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = MaxDepth + 8,
        SkipValidation = true,
    };

    private static readonly JsonWriterOptions Indented = Compact with { Indented = true, IndentSize = 4, NewLine = "\n" };

    /// <summary>Parses JSON text.</summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static Doc Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    /// <summary>Parses UTF-8 JSON text.</summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static Doc Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, ReaderOptions);
        if (!reader.Read())
        {
            throw new JsonException("unexpected end of JSON input");
        }

        try
        {
            var value = new DocJsonReader().Read(ref reader);
            return reader.Read() ? throw new JsonException("invalid data after top-level value") : value;
        }
        catch (InvalidOperationException fault)
        {
            // The reader's way to say that a string holds bytes or escapes that are no Unicode.
            throw new JsonException("invalid UTF-8 in string literal", fault);
        }
    }

    /// <summary>Parses UTF-8 JSON text; a fault is a value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out Doc? value, [NotNullWhen(false)] out string? error)
    {
        try
        {
            (value, error) = (Parse(utf8), null);
            return true;
        }
        catch (JsonException fault)
        {
            (value, error) = (null, fault.Message);
            return false;
        }
    }

    /// <summary>Compact JSON text; with <paramref name="indented"/> four spaces a level, as kubectl prints it.</summary>
    public static string Write(Doc value, bool indented = false) => Encoding.UTF8.GetString(WriteUtf8(value, indented).Span);

    /// <summary>Compact UTF-8 JSON text.</summary>
    public static ReadOnlyMemory<byte> WriteUtf8(Doc value, bool indented = false)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, indented ? Indented : Compact))
        {
            WriteValue(writer, value);
        }

        return buffer.WrittenMemory;
    }

    private static void WriteValue(Utf8JsonWriter writer, Doc value)
    {
        switch (value)
        {
            case DocObject map:
                writer.WriteStartObject();
                for (var i = 0; i < map.Count; i++)
                {
                    writer.WritePropertyName(map.Keys[i]);
                    WriteValue(writer, map.Values[i]);
                }

                writer.WriteEndObject();
                break;
            case DocArray array:
                writer.WriteStartArray();
                foreach (var item in array.Items)
                {
                    WriteValue(writer, item);
                }

                writer.WriteEndArray();
                break;
            case DocNumber number:
                writer.WriteRawValue(number.Literal, skipInputValidation: true);
                break;
            case DocNull:
                writer.WriteNullValue();
                break;
            default:
                if (value.AsText is { } text)
                {
                    writer.WriteStringValue(text);
                }
                else
                {
                    writer.WriteBooleanValue(value.AsBool == true);
                }

                break;
        }
    }
}
