using System.Collections.Immutable;
using KubeLessons.Texts;

namespace KubeLessons.Lessons.Parsing;

/// <summary>Collects the faults of one file.</summary>
internal sealed class DiagnosticBag
{
    private readonly List<Diagnostic> _found = [];

    /// <summary>Adds a fault: the text named by <paramref name="key"/> says what is wrong and what would be right.</summary>
    public void Report(SourcePosition position, string key, params ReadOnlySpan<object> arguments) =>
        _found.Add(new Diagnostic(position, Message.Of(key, arguments)));

    /// <summary>The faults in the order of the file; faults of one place in the order in which they were found.</summary>
    public ImmutableArray<Diagnostic> InOrder() => _found.Count == 0 ? [] : [.. _found.OrderBy(fault => fault.Position)];
}
