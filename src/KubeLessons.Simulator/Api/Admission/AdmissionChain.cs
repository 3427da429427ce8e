using System.Collections.Immutable;

namespace KubeLessons.Simulator.Api.Admission;

/// <summary>The admission plugins in kube-apiserver's order (pkg/kubeapiserver/options/plugins.go), without those that are switched off.</summary>
internal sealed class AdmissionChain
{
    private readonly ImmutableArray<AdmissionPlugin> _plugins;

    public AdmissionChain(ApiServerSettings settings)
    {
        AdmissionPlugin[] all =
        [
            new NamespaceLifecycle(), new ServiceAccountAdmission(), new TaintNodesByCondition(), new PriorityAdmission(),
            new DefaultTolerationSeconds(), new DefaultStorageClass(),
        ];
        _plugins = [.. all.Where(plugin => !settings.DisabledAdmissionPlugins.Contains(plugin.Name))];
    }

    /// <summary>The first refusal; null when all let the request pass.</summary>
    public ApiResponse? Admit(AdmissionRequest request)
    {
        foreach (var plugin in _plugins)
        {
            if (plugin.Admit(request) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }
}
