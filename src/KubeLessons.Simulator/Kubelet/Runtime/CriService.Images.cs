using KubeLessons.Simulator.Kubelet.Images;

namespace KubeLessons.Simulator.Kubelet.Runtime;

public sealed partial class CriService
{
    /// <summary>
    /// Fetches an image from its registry; whether the node has one of that name makes only the time shorter, since the layers are
    /// there. An unknown name fails after the time of a question.
    /// </summary>
    public IEnumerable<Wait> PullImage(ImageReference reference, CriResult<LocalImage> result)
    {
        var answer = _registry.Find(reference);
        var takes = answer.Image is not { } wanted ? ImageRegistry.PullOverhead
            : HasLayersOf(wanted) ? ImageRegistry.PullOverhead / 2
            : ImageRegistry.PullTime(wanted, _state.Random);
        yield return Wait.For(takes);
        if (IsLost(result))
        {
            yield break;
        }

        if (answer.Image is not { } image)
        {
            result.Fail(
                $"failed to pull and unpack image \"{reference}\": failed to resolve reference \"{reference}\": {answer.Error}", "NotFound");
            yield break;
        }

        _state.Add(image);
        Act($"PullImage {reference}");
        result.Succeed(_state.Image(reference)!);
    }

    public bool RemoveImage(ImageReference reference) => _state.Remove(reference);

    private bool HasLayersOf(ContainerImage wanted) => _state.Images.Any(local => local.Image.Digest == wanted.Digest);
}
