using System.Text;
using KubeLessons.Clusters;

namespace KubeLessons.RealCluster.Nodes;

/// <summary>
/// A command's output in the lesson's words. Where nodes have two names a line is handed on when it is whole, because a name could be
/// cut in two; else every piece is handed on as it comes.
/// </summary>
internal sealed class OutputLines(NodeNames names, Action<OutputChunk>? onOutput)
{
    private readonly StringBuilder _both = new();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly StringBuilder _unfinishedOutput = new();
    private readonly StringBuilder _unfinishedError = new();

    public string Told => _both.ToString();

    public string ToldOutput => _output.ToString();

    public string ToldError => _error.ToString();

    public void Take(OutputChunk chunk)
    {
        if (!names.Differ)
        {
            Tell(chunk.Text, chunk.IsError);
            return;
        }

        var rest = chunk.IsError ? _unfinishedError : _unfinishedOutput;
        rest.Append(chunk.Text);
        var text = rest.ToString();
        var end = text.LastIndexOf('\n') + 1;
        if (end > 0)
        {
            rest.Remove(0, end);
            Tell(names.InOutput(text[..end]), chunk.IsError);
        }
    }

    /// <summary>Hands on what did not end with a line feed.</summary>
    public void Finish()
    {
        foreach (var (rest, isError) in new[] { (_unfinishedOutput, false), (_unfinishedError, true) })
        {
            if (rest.Length > 0)
            {
                Tell(names.InOutput(rest.ToString()), isError);
                rest.Clear();
            }
        }
    }

    private void Tell(string text, bool isError)
    {
        _both.Append(text);
        (isError ? _error : _output).Append(text);
        onOutput?.Invoke(new OutputChunk(text, isError));
    }
}
