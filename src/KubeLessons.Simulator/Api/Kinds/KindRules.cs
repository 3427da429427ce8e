using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Kinds;

/// <summary>
/// What a kind does differently from a plain document: a kind opts in by overriding. The pipeline calls, in this order,
/// <see cref="Default"/>, admission, <see cref="PrepareForCreate"/> or <see cref="PrepareForUpdate"/>, <see cref="Validate"/>
/// (and <see cref="ValidateUpdate"/>).
/// </summary>
internal abstract class KindRules
{
    public static KindRules None { get; } = new NoRules();

    /// <summary>Fills in what the writer left out (pkg/apis/…/defaults.go).</summary>
    public virtual Doc Default(Doc value, RuleContext context) => value;

    /// <summary>Clears what a creator may not set and allocates what the server owns (strategy PrepareForCreate).</summary>
    public virtual Doc PrepareForCreate(Doc value, RuleContext context) => value;

    /// <summary>Puts back what an update may not change (strategy PrepareForUpdate); the status is put back by the pipeline.</summary>
    public virtual Doc PrepareForUpdate(Doc value, Doc before, RuleContext context) => value;

    /// <summary>The same for an update of the status subresource.</summary>
    public virtual Doc PrepareForStatusUpdate(Doc value, Doc before, RuleContext context) => value;

    /// <summary>Checks a new state, whether it was created or changed.</summary>
    public virtual void Validate(Doc value, FieldErrors errors, RuleContext context)
    {
    }

    /// <summary>Checks a change: immutable fields above all.</summary>
    public virtual void ValidateUpdate(Doc value, Doc before, FieldErrors errors, RuleContext context)
    {
    }

    /// <summary>What <c>metadata.name</c> may be; the answer is the fault, null when there is none.</summary>
    public virtual string? CheckName(string name) => Names.Dns1123Subdomain(name);

    private sealed class NoRules : KindRules
    {
    }
}

/// <summary>What rules may look at besides the object.</summary>
internal sealed record RuleContext(ApiServer Server, ApiRequest Request)
{
    public World World => Server.World;

    public Versions.KubernetesVersion Version => Server.Version;
}
