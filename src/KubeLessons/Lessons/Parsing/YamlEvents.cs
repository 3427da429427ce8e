using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace KubeLessons.Lessons.Parsing;

/// <summary>The events of a YAML text, one after the other. A fault of syntax is reported and ends them.</summary>
internal sealed class YamlEvents(BlockLines lines, DiagnosticBag diagnostics)
{
    private readonly Parser _parser = new(new Scanner(new StringReader(WithoutOddBreaks(lines.Text)), skipComments: true));

    /// <summary>Whether a fault has ended the events.</summary>
    public bool Failed { get; private set; }

    /// <summary>The event that was moved to last.</summary>
    public ParsingEvent Current { get; private set; } = new StreamStart();

    /// <summary>Moves to the next event; false at the end and at a fault.</summary>
    public bool MoveNext()
    {
        if (Failed) return false;
        try
        {
            if (!_parser.MoveNext()) return false;
            Current = _parser.Current!;
            return true;
        }
        catch (YamlException fault)
        {
            Fail(lines.At((int)fault.Start.Line - 1, (int)fault.Start.Column - 1), "lint.yaml", fault.Message.TrimEnd('.'));
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // The scanner has no words of its own for some malformed texts, such as a plain text in brackets with a bracket inside.
            Fail(At(Current.End), "lint.yamlOdd");
        }

        return false;
    }

    /// <summary>Reports a fault at the current event and ends the events.</summary>
    public void Refuse(string key, params ReadOnlySpan<object> arguments) => Fail(At(Current.Start), key, arguments);

    /// <summary>The place of the current event.</summary>
    public SourcePosition Position => At(Current.Start);

    // The scanner counts these as line breaks, as YAML 1.1 did; YAML 1.2 and Markdown do not, so that the lines would not agree.
    private static string WithoutOddBreaks(string text) =>
        text.AsSpan().ContainsAny('\u0085', '\u2028', '\u2029') ? text.Replace('\u0085', ' ').Replace('\u2028', ' ').Replace('\u2029', ' ') : text;

    private SourcePosition At(Mark mark) => lines.At((int)mark.Line - 1, (int)mark.Column - 1);

    private void Fail(SourcePosition position, string key, params ReadOnlySpan<object> arguments)
    {
        Failed = true;
        diagnostics.Report(position, key, arguments);
    }
}
