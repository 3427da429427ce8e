namespace KubeLessons.Simulator.Kubectl;

/// <summary>
/// What was made of files' texts by the calls before: of the same text the same is made again, and the kinds of a server and a
/// kubeconfig are read by every call.
/// </summary>
/// <typeparam name="T">What is made: it must not change.</typeparam>
internal sealed class TextMemo<T>
    where T : class
{
    private const int Capacity = 8;
    private readonly Dictionary<string, T> _made = new(StringComparer.Ordinal);

    /// <summary>What was made of the text; null when it has not been read, or too many others have been since.</summary>
    public T? Find(string text) => _made.GetValueOrDefault(text);

    public T Keep(string text, T made)
    {
        if (_made.Count >= Capacity)
        {
            _made.Clear();
        }

        return _made[text] = made;
    }
}
