using System.Collections.Immutable;

namespace KubeLessons.Simulator.Kubectl.Resources;

/// <summary>Manifests with their kinds and namespaces found; what has none is an error.</summary>
internal sealed class ManifestTargets
{
    private readonly Invocation _call;

    public ManifestTargets(Invocation call, ManifestFiles files)
    {
        _call = call;
        var targets = ImmutableArray.CreateBuilder<Target>();
        foreach (var manifest in files.Manifests)
        {
            if (Resolve(manifest) is { } target)
            {
                targets.Add(target);
            }
        }

        Targets = targets.DrainToImmutable();
        Errors.AddRange(files.Errors);
    }

    public ImmutableArray<Target> Targets { get; }

    public List<string> Errors { get; } = [];

    private Target? Resolve(Manifest manifest)
    {
        if (_call.Mapper?.Find(manifest.ApiVersion, manifest.Kind) is not { } resource)
        {
            Errors.Add(
                $"resource mapping not found for name: \"{manifest.Name}\" namespace: \"{manifest.Namespace}\" from \"{manifest.Source}\": "
                + $"no matches for kind \"{manifest.Kind}\" in version \"{manifest.ApiVersion}\"\nensure CRDs are installed first");
            return null;
        }

        if (resource.IsNamespaced && _call.NamespaceIsEnforced && manifest.Namespace.Length > 0 && manifest.Namespace != _call.Namespace)
        {
            Errors.Add(
                $"the namespace from the provided object \"{manifest.Namespace}\" does not match the namespace \"{_call.Namespace}\". "
                + $"You must pass '--namespace={manifest.Namespace}' to perform this operation.");
            return null;
        }

        var ns = !resource.IsNamespaced ? "" : manifest.Namespace.Length > 0 ? manifest.Namespace : _call.Namespace;
        var value = resource.IsNamespaced ? manifest.Value.With(ns, "metadata", "namespace") : manifest.Value.Without("metadata", "namespace");
        return new Target(resource, ns, manifest.Name) { Manifest = value, Source = manifest.Source };
    }
}
