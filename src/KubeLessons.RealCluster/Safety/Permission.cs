using KubeLessons.Lessons;
using KubeLessons.RealCluster.Api;
using KubeLessons.Texts;

namespace KubeLessons.RealCluster.Safety;

/// <summary>Says what a run will change, and has it allowed. Nothing was touched before.</summary>
internal static class Permission
{
    public static void Ask(RealClusterOptions options, Kubeconfig kubeconfig)
    {
        options.Tell(Message.Of("real.cluster", kubeconfig.Context, kubeconfig.Server));
        options.Tell(Message.Of("real.touchesObjects"));
        foreach (var touch in options.Touches.Distinct())
        {
            options.Tell(Message.Of(touch switch
            {
                Touch.Node => "real.touchesNode",
                Touch.Kernel => "real.touchesKernel",
                _ => "real.touchesCluster",
            }));
        }

        options.Tell(Message.Of("real.howUndone"));
        if (options.AllowChanges)
        {
            return;
        }

        if (!new LabMarks(options.StateFolder).Has(kubeconfig.Context, kubeconfig.Server))
        {
            throw new RefusedException(Message.Of("real.notMarked", kubeconfig.Context));
        }

        if (options.Confirm is not { } confirm)
        {
            throw new RefusedException(Message.Of("real.notConfirmed"));
        }

        if (!confirm())
        {
            throw new RefusedException(Message.Of("real.declined"));
        }
    }
}
