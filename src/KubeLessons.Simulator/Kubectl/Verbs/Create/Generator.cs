using System.Collections.Immutable;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;

namespace KubeLessons.Simulator.Kubectl.Verbs.Create;

/// <summary>An object that a command made from its flags, or why it could not.</summary>
internal readonly record struct Made(Doc? Value, string? Error)
{
    public static implicit operator Made(DocObject value) => new(value, null);

    public static Made Fault(string error) => new(null, error);
}

/// <summary>A subcommand of <c>kubectl create</c> that makes an object of one kind from flags.</summary>
/// <param name="Resource">Where it is created.</param>
/// <param name="IsNamespaced">Whether it lives in a namespace.</param>
/// <param name="Context">Before the server's complaint: <c>failed to create deployment: </c>; "" when it stands alone.</param>
/// <param name="Make">Makes the object from the flags and its name.</param>
internal sealed record Generator(ResourcePath Resource, bool IsNamespaced, string Context, Func<Invocation, string, Made> Make)
{
    /// <summary>The flags that every generator has.</summary>
    public static readonly ImmutableArray<FlagSpec> Flags =
        [.. CommonFlags.Print, CommonFlags.DryRun, CommonFlags.FieldManager("kubectl-create"), CommonFlags.SaveConfig, CommonFlags.Validate];

    public Command Command(string name, string usage, string summary, ImmutableArray<string> aliases, params ImmutableArray<FlagSpec> flags) => new(name, usage, summary)
    {
        Aliases = aliases,
        Flags = [.. flags, .. Flags],
        Run = Run,
    };

    public IEnumerable<Wait> Run(Invocation call)
    {
        // Arguments after "--" are a container's command, not names.
        var names = call.Flags.ArgumentsBeforeDash is { } before ? before : call.Args.Length;
        if (names != 1 && (call.Flags.ArgumentsBeforeDash is null || names == 0))
        {
            call.FailUsage($"exactly one NAME is required, got {call.Args.Length}");
            return [];
        }

        return DryRuns.Of(call) is { } dryRun && ResultPrinter.For(call, dryRun, madeHere: dryRun == DryRun.Client) is { } printer
            ? Run(call, dryRun, printer)
            : [];
    }

    private IEnumerable<Wait> Run(Invocation call, DryRun dryRun, ResultPrinter printer)
    {
        var made = Make(call, call.Args[0]);
        if (made.Value is not { } value)
        {
            call.Fail(made.Error!);
            yield break;
        }

        if (IsNamespaced && (dryRun != DryRun.Client || call.NamespaceIsEnforced))
        {
            value = MadeObjects.InNamespace(value, call.Namespace);
        }

        if (call.Flags.Flag("save-config"))
        {
            value = LastApplied.Annotate(value);
        }

        if (dryRun == DryRun.Client)
        {
            printer.Print(value, "created");
            yield break;
        }

        var reply = call.Send(ApiRequest.Create(Resource, IsNamespaced ? call.Namespace : "", value) with { Options = WriteOptions.Of(call, dryRun) });
        yield return Wait.For(reply.Takes);
        if (reply.IsSuccess)
        {
            printer.Print(reply.Response!.Body, "created");
        }
        else if (Context.Length == 0 || call.HasFailed)
        {
            call.Fail(reply);
        }
        else
        {
            call.Fail(Context + (reply.Message() ?? $"Post \"{call.ServerUrl}{MadeObjects.UrlOf(Resource, IsNamespaced ? call.Namespace : "")}?fieldManager=kubectl-create&fieldValidation=Strict\": {reply.ConnectionError}"));
        }
    }
}
