namespace KubeLessons.Simulator;

/// <summary>Something that will happen at a known virtual time, unless it is cancelled first.</summary>
public sealed class Turn
{
    private Action? _action;

    internal Turn(TimeSpan due, Action action) => (Due, _action) = (due, action);

    public TimeSpan Due { get; }

    /// <summary>True once it was cancelled or has run.</summary>
    public bool IsCancelled => _action is null;

    /// <summary>It will not happen; nothing, if it already has.</summary>
    public void Cancel() => _action = null;

    internal void Run()
    {
        var action = _action;
        _action = null;
        action?.Invoke();
    }
}
