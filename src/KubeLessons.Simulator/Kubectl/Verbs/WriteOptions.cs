using KubeLessons.Simulator.Api;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary>The query parameters of a change, from the command's flags.</summary>
internal static class WriteOptions
{
    public static ApiOptions Of(Invocation call, DryRun dryRun) => new()
    {
        DryRun = dryRun == DryRun.Server,
        FieldManager = call.Flags.TextOrEmpty("field-manager") is { Length: > 0 } manager ? manager : null,
        FieldValidation = !call.Flags.Specs.ContainsKey("validate") ? null : call.Flags.Text("validate") switch
        {
            "strict" or "true" => "Strict",
            "warn" => "Warn",
            _ => "Ignore",
        },
    };
}
