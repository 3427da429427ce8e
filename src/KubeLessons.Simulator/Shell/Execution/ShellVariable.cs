using System.Collections.Immutable;

namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>
/// A shell variable. A plain one has a <see cref="Value"/> (null: declared, unset); an array has elements, and its value is
/// its element 0.
/// </summary>
internal sealed record ShellVariable(string? Value)
{
    public ImmutableSortedDictionary<long, string>? Indexed { get; init; }

    public ImmutableSortedDictionary<string, string>? Keyed { get; init; }

    public bool IsExported { get; init; }

    public bool IsReadOnly { get; init; }

    /// <summary>declare -i: what is assigned is evaluated.</summary>
    public bool IsInteger { get; init; }

    public bool IsArray => Indexed is not null || Keyed is not null;

    /// <summary>What <c>$name</c> gives; null: unset.</summary>
    public string? Scalar => Indexed is not null ? Indexed.GetValueOrDefault(0) : Keyed is not null ? Keyed.GetValueOrDefault("0") : Value;

    public IEnumerable<string> Elements => Indexed?.Values ?? Keyed?.Values ?? (Value is null ? [] : [Value]);

    public IEnumerable<string> Keys =>
        Indexed?.Keys.Select(key => key.ToString()) ?? Keyed?.Keys ?? (Value is null ? [] : ["0"]);

    /// <summary>The same variable with another value; of an array, with another element 0.</summary>
    public ShellVariable With(string value) =>
        Indexed is not null ? this with { Indexed = Indexed.SetItem(0, value) }
        : Keyed is not null ? this with { Keyed = Keyed.SetItem("0", value) }
        : this with { Value = value };

    public ShellVariable AsIndexed() => IsArray
        ? this
        : this with
        {
            Value = null,
            Indexed = Value is null
                ? ImmutableSortedDictionary<long, string>.Empty
                : ImmutableSortedDictionary<long, string>.Empty.Add(0, Value),
        };
}
