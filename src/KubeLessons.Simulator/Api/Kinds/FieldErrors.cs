using System.Text;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Kinds;

/// <summary>
/// What is wrong with an object, field by field, worded as k8s.io/apimachinery/pkg/util/validation/field words it; all of it
/// together is one 422 answer.
/// </summary>
internal sealed class FieldErrors
{
    private readonly List<(string Reason, string Field, string Text)> _errors = [];

    public bool IsEmpty => _errors.Count == 0;

    public void Required(string field, string detail = "") => Add("FieldValueRequired", field, "Required value", detail);

    public void Invalid(string field, Doc? value, string detail) =>
        Add("FieldValueInvalid", field, "Invalid value: " + Show(value), detail);

    /// <summary>For a value that Go prints in its own way.</summary>
    public void InvalidShown(string field, string shown, string detail) =>
        Add("FieldValueInvalid", field, "Invalid value: " + shown, detail);

    public void Duplicate(string field, Doc? value) => Add("FieldValueDuplicate", field, "Duplicate value: " + Show(value), "");

    public void Forbidden(string field, string detail) => Add("FieldValueForbidden", field, "Forbidden", detail);

    public void NotFound(string field, Doc? value) => Add("FieldValueNotFound", field, "Not found: " + Show(value), "");

    public void NotSupported(string field, Doc? value, params ReadOnlySpan<string> supported) =>
        Add(
            "FieldValueNotSupported",
            field,
            "Unsupported value: " + Show(value),
            $"supported values: {string.Join(", ", supported.ToArray().Select(each => $"\"{each}\""))}");

    public void TooLong(string field, int most) => Add("FieldValueTooLong", field, "Too long", $"may not be more than {most} bytes");

    /// <summary>The 422 answer.</summary>
    public ApiResponse ToResponse(ResourceKind kind, string name)
    {
        var text = new StringBuilder($"{kind.QualifiedName} \"{name}\" is invalid: ");
        var distinct = _errors.Select(each => $"{each.Field}: {each.Text}").Distinct(StringComparer.Ordinal).ToList();
        text.Append(distinct.Count == 1 ? distinct[0] : $"[{string.Join(", ", distinct)}]");
        return ApiStatus.Failure(422, "Invalid", text.ToString(), Doc.Obj(
            ("name", name.Length > 0 ? name : null),
            ("group", kind.Group.Length > 0 ? kind.Group : null),
            ("kind", kind.Name),
            ("causes", Doc.Arr(_errors.Select(each => (Doc)Doc.Obj(
                ("reason", each.Reason), ("message", each.Text), ("field", each.Field)))))));
    }

    private static string Show(Doc? value) => value switch
    {
        null or DocNull => "null",
        DocText text => GoText.Quote(text.AsText),
        _ => value.ToString(),
    };

    private void Add(string reason, string field, string what, string detail) =>
        _errors.Add((reason, field, detail.Length == 0 ? what : $"{what}: {detail}"));
}
