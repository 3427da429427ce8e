using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubectl.Verbs.Pods;

/// <summary>Moves text between a pod's streams and kubectl's own, each in a routine beside the command's; they end with the process.</summary>
internal sealed class StreamCopy(Invocation call)
{
    private readonly Signal _ended = new(call.World);
    private int _running;

    /// <summary>Copies until the source is at its end. Waits whenever the reader is behind.</summary>
    public void Start(TextStream from, TextStream to, Func<string, string>? change = null)
    {
        _running++;
        var routine = Coroutine.Start(call.World, Copy(from, to, change), fault =>
        {
            _running--;
            _ended.Raise();
            if (fault is not null)
            {
                throw new InvalidOperationException($"copying a stream failed (seed {call.World.Seed}): {fault.Message}", fault);
            }
        });
        call.Self.OnExit(routine.Kill);
    }

    /// <summary>Feeds kubectl's input to the pod for as long as the command lasts; it is not waited for.</summary>
    public void Feed(PodStream stream)
    {
        var routine = Coroutine.Start(call.World, Input(stream), _ => { });
        call.Self.OnExit(routine.Kill);
    }

    /// <summary>Waits until all copies have come to their end.</summary>
    public IEnumerable<Wait> Finish()
    {
        while (_running > 0)
        {
            yield return Wait.On(_ended);
        }
    }

    private IEnumerable<Wait> Copy(TextStream from, TextStream to, Func<string, string>? change)
    {
        while (!from.IsAtEnd && !from.IsBroken)
        {
            if (!from.HasText)
            {
                yield return Wait.On(from.Changed);
                continue;
            }

            var text = from.Read();
            to.Write(change is null ? text : change(text));
            while (to.IsFull && !to.IsBroken)
            {
                yield return Wait.On(to.Changed);
            }

            if (to.IsBroken)
            {
                call.Self.Exit(128 + (int)ProcessSignal.Pipe);
                yield break;
            }
        }
    }

    private IEnumerable<Wait> Input(PodStream stream)
    {
        var from = call.Self.Input;
        while (!from.IsAtEnd && !stream.HasEnded)
        {
            if (!from.HasText)
            {
                yield return Wait.On(from.Changed);
                continue;
            }

            stream.Input.Write(from.Read());
            while (stream.Input.IsFull)
            {
                yield return Wait.On(stream.Input.Changed);
            }
        }

        stream.Input.Close();
    }
}
