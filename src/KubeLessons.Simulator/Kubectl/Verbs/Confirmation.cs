using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary><c>kubectl delete -i</c>: shows what would go, and asks.</summary>
internal sealed class Confirmation(Invocation call, IReadOnlyList<Target> targets)
{
    public bool IsConfirmed { get; private set; }

    public IEnumerable<Wait> Ask()
    {
        call.OutLine($"You are about to delete the following {targets.Count} resource(s):");
        foreach (var target in targets)
        {
            call.OutLine(target.QualifiedName);
        }

        call.Out("Do you want to continue? (y/n): ");
        string? line;
        while ((line = call.Self.Input.ReadLine()) is null && !call.Self.Input.IsAtEnd)
        {
            yield return Wait.On(call.Self.Input.Changed);
        }

        IsConfirmed = line?.Trim().ToLowerInvariant() is "y" or "yes";
        if (!IsConfirmed)
        {
            call.OutLine("deletion is cancelled");
        }
    }
}
