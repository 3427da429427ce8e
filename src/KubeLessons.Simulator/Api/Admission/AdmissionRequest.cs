using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Admission;

/// <summary>What admission looks at: the operation, the object as it would be, the object as it is.</summary>
internal sealed class AdmissionRequest(ApiVerb operation, ResourceKind kind, string ns, string name, Doc? before, RuleContext context)
{
    /// <summary>Create, Update or Delete.</summary>
    public ApiVerb Operation => operation;

    public ResourceKind Kind => kind;

    public string Namespace => ns;

    public string Name => name;

    public string Subresource => context.Request.Subresource;

    /// <summary>The new state; null for a deletion. A plugin may put a changed one in its place.</summary>
    public Doc? Object { get; set; }

    /// <summary>The state so far; null for a creation.</summary>
    public Doc? Before => before;

    public RuleContext Context => context;

    public ApiResponse Forbidden(string why) => ApiStatus.Forbidden(kind.Resource, name, why);
}

/// <summary>One of kube-apiserver's admission plugins: it changes the object, or refuses the request, or lets it pass.</summary>
internal abstract class AdmissionPlugin
{
    /// <summary>As --disable-admission-plugins knows it.</summary>
    public abstract string Name { get; }

    /// <summary>The refusal; null lets the request pass.</summary>
    public abstract ApiResponse? Admit(AdmissionRequest request);
}
