using System.Collections.Immutable;
using KubeLessons.Simulator.Kubectl.Flags;

namespace KubeLessons.Simulator.Kubectl;

/// <summary>A command of kubectl, such as <c>get</c> or <c>create deployment</c>: what it takes, and the routine that does it.</summary>
/// <param name="Name">The word on the command line.</param>
/// <param name="Usage">What follows <c>kubectl NAME</c> in its usage line.</param>
/// <param name="Summary">One line of help.</param>
internal sealed record Command(string Name, string Usage, string Summary)
{
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>Its own flags; the global ones come on top.</summary>
    public ImmutableArray<FlagSpec> Flags { get; init; } = [];

    public ImmutableArray<Command> Children { get; init; } = [];

    /// <summary>Null: it only groups its children, and shows its help.</summary>
    public Func<Invocation, IEnumerable<Wait>>? Run { get; init; }

    /// <summary>The words that lead to it, <c>kubectl</c> first.</summary>
    public string Path { get; init; } = Name;

    public bool Answers(string word) => Name == word || Aliases.Contains(word);
}
