using System.Collections.Immutable;
using KubeLessons.Simulator.Kubectl.Paths;

namespace KubeLessons.Simulator.Kubectl.Printing;

/// <summary>What <c>-o</c> asks for.</summary>
/// <param name="Name">Such as <c>json</c> or <c>jsonpath</c>; "" for the default table.</param>
/// <param name="Argument">What follows the equals sign.</param>
internal sealed record OutputFormat(string Name, string Argument)
{
    private static readonly ImmutableArray<string> Machine =
        ["go-template", "go-template-file", "json", "jsonpath", "jsonpath-as-json", "jsonpath-file", "name", "template", "templatefile", "yaml"];

    private static readonly ImmutableArray<string> WithColumns = Machine.AddRange("custom-columns", "custom-columns-file", "wide").Sort(StringComparer.Ordinal);

    public bool IsTable => Name is "" or "wide";

    public bool IsWide => Name == "wide";

    /// <summary>Reads the flag. <paramref name="columns"/> says whether tables (wide, custom columns) are offered.</summary>
    public static (OutputFormat? Format, string? Error) Parse(string text, bool columns)
    {
        if (text.Length == 0)
        {
            return (new OutputFormat("", ""), null);
        }

        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? text : text[..equals];
        var allowed = columns ? WithColumns : Machine;
        return allowed.Contains(name)
            ? (new OutputFormat(name, equals < 0 ? "" : text[(equals + 1)..]), null)
            : (null, $"unable to match a printer suitable for the output format \"{text}\", allowed formats are: {string.Join(',', allowed)}");
    }

    /// <summary>The printer of a format that is no table.</summary>
    public (ObjectPrinter? Printer, string? Error) MakePrinter(Invocation call)
    {
        var showManagedFields = call.Flags.Flag("show-managed-fields");
        switch (Name)
        {
            case "json":
                return (new JsonPrinter(showManagedFields), null);
            case "yaml":
                return (new YamlPrinter(showManagedFields), null);
            case "name":
                return (new NamePrinter(), null);
            case "custom-columns":
                return Widen(CustomColumns.Parse(Argument, !call.Flags.Flag("no-headers")));
            case "custom-columns-file":
                return FromFile(call, text => Widen(CustomColumns.ParseTemplate(text, !call.Flags.Flag("no-headers"))));
            case "jsonpath-file":
                return FromFile(call, text => Path(call, text, asJson: false));
            case "jsonpath" or "jsonpath-as-json":
                var template = Argument.Length > 0 ? Argument : call.Flags.TextOrEmpty("template");
                return template.Length > 0
                    ? Path(call, template, Name == "jsonpath-as-json")
                    : (null, "template format specified but no template given");
            case "go-template" or "template":
                var source = Argument.Length > 0 ? Argument : call.Flags.TextOrEmpty("template");
                return source.Length > 0 ? Templates.GoTemplatePrinter.Make(source) : (null, "template format specified but no template given");
            case "go-template-file" or "templatefile":
                return FromFile(call, Templates.GoTemplatePrinter.Make);
            default:
                throw new InvalidOperationException($"The output format {Name} has no printer.");
        }
    }

    private (ObjectPrinter? Printer, string? Error) FromFile(Invocation call, Func<string, (ObjectPrinter? Printer, string? Error)> make)
    {
        var file = Argument.Length > 0 ? Argument : call.Flags.TextOrEmpty("template");
        return file.Length == 0 ? (null, "template format specified but no template given")
            : call.Self.Files.Read(call.PathOf(file)) is { } text ? make(text)
            : (null, $"error reading --template {file}, open {file}: no such file or directory\n");
    }

    private static (ObjectPrinter? Printer, string? Error) Widen((CustomColumns? Printer, string? Error) made) => (made.Printer, made.Error);

    private static (ObjectPrinter? Printer, string? Error) Path(Invocation call, string template, bool asJson)
    {
        var allowMissing = !call.Flags.Specs.ContainsKey("allow-missing-template-keys") || call.Flags.Flag("allow-missing-template-keys");
        return JsonPath.TryParse(template, allowMissing, out var path, out var error)
            ? (new JsonPathPrinter(path, template, asJson), null)
            : (null, $"error parsing jsonpath {template}, {error}");
    }
}
