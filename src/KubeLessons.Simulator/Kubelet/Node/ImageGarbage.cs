using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Tools;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet.Node;

/// <summary>
/// Removes images that no container uses (pkg/kubelet/images: image_gc_manager.go): every 5 min while the disk is fuller than the
/// high threshold, the oldest first, down to the low one; and all of them when the disk is short.
/// </summary>
internal sealed class ImageGarbage
{
    /// <summary>pkg/kubelet: ImageGCPeriod.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    /// <summary>imageMinimumGCAge: a newer image is left alone.</summary>
    public static readonly TimeSpan MinimumAge = TimeSpan.FromMinutes(2);

    private readonly Process _self;
    private readonly RuntimeConnection _runtime;
    private readonly PodEvents _events;
    private readonly KubeletSettings _settings;
    private readonly TimeSpan _from;
    private bool _planned;
    private bool _hasFailed;

    public ImageGarbage(Process self, RuntimeConnection runtime, PodEvents events, KubeletSettings settings) =>
        (_self, _runtime, _events, _settings, _from) = (self, runtime, events, settings, self.World.Now);

    /// <summary>The disk may be fuller than before: at the next regular time images are removed, if it is too full.</summary>
    public void Consider()
    {
        if (!_planned && UsedPercent >= _settings.ImageGcHighPercent && !_self.HasExited)
        {
            _planned = true;
            var tick = _from + (Period * (((_self.World.Now - _from).Ticks / Period.Ticks) + 1));
            _self.After(tick - _self.World.Now, Collect);
        }
    }

    /// <summary>Removes unused images until so many bytes are free; those that were.</summary>
    public long Free(long bytes)
    {
        if (_runtime.Connect(out _) is not { } cri)
        {
            return 0;
        }

        var used = cri.State.Containers.Select(container => container.Image.Digest).ToHashSet(StringComparer.Ordinal);
        var freed = 0L;
        foreach (var image in cri.State.Images.OrderBy(image => image.PulledAt).ThenBy(image => image.Tags[0], StringComparer.Ordinal).ToList())
        {
            var isPause = image.Image.Repository.Name.EndsWith("/pause", StringComparison.Ordinal);
            if (freed >= bytes || isPause || used.Contains(image.Image.Digest) || _self.World.UtcNow - image.PulledAt < MinimumAge)
            {
                continue;
            }

            cri.RemoveImage(image.Image.Reference);
            freed += image.Image.DiskBytes;
        }

        return freed;
    }

    private int UsedPercent => 100 - (int)(DiskUse.FreeKiB(_self.Host) * 100 / _self.Host.Machine.DiskKiB);

    private void Collect()
    {
        _planned = false;
        var (capacity, free) = (_self.Host.Machine.DiskKiB * 1024, DiskUse.FreeKiB(_self.Host) * 1024);
        if (UsedPercent < _settings.ImageGcHighPercent)
        {
            _hasFailed = false;
            return;
        }

        var wanted = (capacity * (100 - _settings.ImageGcLowPercent) / 100) - free;
        var freed = Free(wanted);
        if (freed < wanted)
        {
            var message = Words(wanted, freed);
            _events.OfNode("Warning", "FreeDiskSpaceFailed", message);
            if (_hasFailed)
            {
                _events.OfNode("Warning", "ImageGCFailed", message);
            }

            _hasFailed = true;
        }

        Consider();
    }

    private string Words(long wanted, long freed) => _settings.Version.Minor >= 27
        ? $"Failed to garbage collect required amount of images. Attempted to free {wanted} bytes, but only found {freed} bytes eligible to free."
        : $"failed to garbage collect required amount of images. Wanted to free {wanted} bytes, but freed {freed} bytes";
}
