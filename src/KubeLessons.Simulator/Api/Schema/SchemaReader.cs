using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Schema;

/// <summary>
/// Reads a document as a typed object, as Go's decoder does: unknown fields are noted and dropped, nulls and empty values that Go
/// leaves out are dropped, quantities and times take their canonical form, and a value of the wrong type is a fault in the
/// decoder's words. Parts that are the same as in a known state are taken over unread.
/// </summary>
/// <param name="printsUnsetCreation">Until 1.33 an unset creationTimestamp is printed as null (metav1.ObjectMeta: omitzero since 1.34).</param>
internal sealed class SchemaReader(bool printsUnsetCreation = true)
{
    private readonly List<(string Name, int Index)> _path = [];

    /// <summary>Such as <c>unknown field "spec.contaners"</c>.</summary>
    public List<string> Unknown { get; } = [];

    /// <summary>The first value of a wrong type; null when all is well.</summary>
    public string? Fault { get; private set; }

    /// <param name="value">What was sent.</param>
    /// <param name="known">A state that was read before; null for none.</param>
    /// <param name="type">What it should be.</param>
    public DocObject Read(DocObject value, Doc? known, SchemaType type)
    {
        if (ReferenceEquals(value, known))
        {
            return value;
        }

        // Keys and values of the result; made only when something differs from what was sent.
        DocObjectBuilder? changed = null;
        for (var i = 0; i < value.Count; i++)
        {
            var (key, item) = (value.Keys[i], value.Values[i]);
            var read = ReferenceEquals(item, known?[key]) ? item : ReadField(type, key, item, known?[key]);
            if (!ReferenceEquals(read, item) && changed is null)
            {
                changed = new DocObjectBuilder(value.Count + 4);
                for (var before = 0; before < i; before++)
                {
                    changed.Set(value.Keys[before], value.Values[before]);
                }
            }

            if (read is not null)
            {
                changed?.Set(key, read);
            }
        }

        var result = changed?.ToObject() ?? value;
        foreach (var (field, unset) in type.Always)
        {
            if (result[field] is null && (printsUnsetCreation || field != "creationTimestamp"))
            {
                result = (DocObject)result.With(field == "metadata" && !printsUnsetCreation ? Doc.Empty : unset, field);
            }
        }

        return result;
    }

    private Doc? ReadField(SchemaType type, string key, Doc value, Doc? known)
    {
        if (!type.TryGet(key, out var field))
        {
            if (_path.Count == 0 && key is "kind" or "apiVersion" && value.AsText is not null)
            {
                return value;
            }

            // Embedded raw objects may carry their kind, too (volume claim templates).
            if (key is "kind" or "apiVersion" && type["metadata"] is not null)
            {
                return value;
            }

            Unknown.Add($"unknown field \"{PathTo(key)}\"");
            return null;
        }

        if (value.IsNull)
        {
            return field.WhenUnset is DocNull && (printsUnsetCreation || key != "creationTimestamp") ? value : null;
        }

        _path.Add((key, -1));
        var read = field.Container switch
        {
            SchemaContainer.List => ReadList(type, field, value, known),
            SchemaContainer.Map => ReadMap(type, field, value, known),
            _ => ReadOne(type, field, value, known),
        };
        _path.RemoveAt(_path.Count - 1);
        return read is not null && field.OmitsZero && IsZero(read) ? null : read;
    }

    private Doc? ReadList(SchemaType owner, SchemaField field, Doc value, Doc? known)
    {
        if (value is not DocArray array)
        {
            return Mismatch(owner, field, value);
        }

        if (array.Items.IsEmpty)
        {
            return null;
        }

        var items = array.Items;
        var old = known?.Items ?? [];
        for (var i = 0; i < items.Length; i++)
        {
            var before = i < old.Length ? old[i] : null;
            if (ReferenceEquals(items[i], before))
            {
                continue;
            }

            _path[^1] = (field.Name, i);
            var read = ReadOne(owner, field, items[i], before) ?? Doc.Empty;
            items = ReferenceEquals(read, items[i]) ? items : items.SetItem(i, read);
        }

        return items == array.Items ? array : new DocArray(items);
    }

    private Doc? ReadMap(SchemaType owner, SchemaField field, Doc value, Doc? known)
    {
        if (value is not DocObject map)
        {
            return Mismatch(owner, field, value);
        }

        Doc result = map;
        for (var i = 0; i < map.Count; i++)
        {
            var (key, item) = (map.Keys[i], map.Values[i]);
            if (ReferenceEquals(item, known?[key]))
            {
                continue;
            }

            _path.Add((key, -1));
            var read = item.IsNull ? field.Shape == SchemaShape.Text ? (Doc)"" : null : ReadOne(owner, field, item, known?[key]);
            _path.RemoveAt(_path.Count - 1);
            result = ReferenceEquals(read, item) ? result : result.With(read, key);
        }

        return result is DocObject { Count: 0 } ? null : result;
    }

    private Doc? ReadOne(SchemaType owner, SchemaField field, Doc value, Doc? known) => field.Shape switch
    {
        SchemaShape.Text => value is DocText ? value : Mismatch(owner, field, value),
        SchemaShape.Integer => value is DocNumber ? ReadInteger(owner, field, value) : Mismatch(owner, field, value),
        SchemaShape.Number => value is DocNumber ? value : Mismatch(owner, field, value),
        SchemaShape.Flag => value is DocBool ? value : Mismatch(owner, field, value),
        SchemaShape.IntOrString => value is DocText or DocNumber ? value : Mismatch(owner, field, value, "intstr.IntOrString"),
        SchemaShape.Quantity => ReadQuantity(owner, field, value),
        SchemaShape.Time => ReadTime(value, "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        SchemaShape.MicroTime => ReadTime(value, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"),
        SchemaShape.Bytes => ReadBytes(value),
        SchemaShape.Object when field.Type is { } type =>
            value is DocObject inner ? Read(inner, known, type) : Mismatch(owner, field, value),
        _ => value,
    };

    private Doc? ReadInteger(SchemaType owner, SchemaField field, Doc value)
    {
        if (value.AsInt is { } number && (field.GoType is not "int32" || number is >= int.MinValue and <= int.MaxValue))
        {
            return value;
        }

        Fault ??= $"json: cannot unmarshal number {value} into Go struct field {owner.Name}.{GoPath()} of type {field.GoType}";
        return value;
    }

    private Doc? ReadQuantity(SchemaType owner, SchemaField field, Doc value)
    {
        var text = value is DocNumber number ? number.Literal : value.AsText;
        if (text is null)
        {
            return Mismatch(owner, field, value, "resource.Quantity");
        }

        if (Quantity.TryParse(text) is not { } quantity)
        {
            Fault ??= "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
            return value;
        }

        var canonical = quantity.ToString();
        return canonical == text && value is DocText ? value : canonical;
    }

    private Doc? ReadTime(Doc value, string format)
    {
        if (value.AsText is not { } text)
        {
            Fault ??= $"json: cannot unmarshal {KindOf(value)} into Go value of type string";
            return value;
        }

        if (text.Length == 0)
        {
            return null;
        }

        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            Fault ??= $"parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{text}\" as \"2006\"";
            return value;
        }

        var canonical = time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
        return canonical == text ? value : canonical;
    }

    private Doc ReadBytes(Doc value)
    {
        if (value.AsText is not { } text)
        {
            Fault ??= $"json: cannot unmarshal {KindOf(value)} into Go value of type []uint8";
        }
        else if (!Base64.IsValid(text))
        {
            Fault ??= $"illegal base64 data at input byte {FirstBadByte(text)}";
        }

        return value;
    }

    private static int FirstBadByte(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(text[i]) && text[i] is not ('+' or '/'))
            {
                return i;
            }
        }

        return text.Length / 4 * 4;
    }

    private Doc Mismatch(SchemaType owner, SchemaField field, Doc value, string? goType = null)
    {
        Fault ??= $"json: cannot unmarshal {KindOf(value)} into Go struct field {owner.Name}.{GoPath()} of type {goType ?? GoType(field)}";
        return value;
    }

    private static string KindOf(Doc value) => value switch
    {
        DocText => "string",
        DocNumber => "number",
        DocBool => "bool",
        DocArray => "array",
        _ => "object",
    };

    private static string GoType(SchemaField field)
    {
        var element = field.Shape switch
        {
            SchemaShape.Object => "v1." + field.GoType[(field.GoType.LastIndexOf('.') + 1)..],
            SchemaShape.Number => "float64",
            _ => field.GoType,
        };
        return field.Container switch
        {
            SchemaContainer.List => "[]" + element,
            SchemaContainer.Map => "map[string]" + element,
            _ => element,
        };
    }

    private static bool IsZero(Doc value) => value switch
    {
        DocText text => text.AsText.Length == 0,
        DocNumber number => number.AsInt == 0,
        DocBool flag => flag.AsBool == false,
        _ => false,
    };

    private string GoPath() => string.Join('.', _path.Select(step => step.Name));

    private string PathTo(string field)
    {
        var text = new StringBuilder();
        foreach (var (name, index) in _path)
        {
            text.Append(name);
            if (index >= 0)
            {
                text.Append('[').Append(index).Append(']');
            }

            text.Append('.');
        }

        return text.Append(field).ToString();
    }
}
