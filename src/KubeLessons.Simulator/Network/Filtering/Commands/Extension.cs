namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>One option of a match or target. <paramref name="Alias"/> is its other name; the first is the one error texts use.</summary>
internal sealed record ExtensionOption(string Name, int Arguments = 1, bool CanInvert = false, bool IsRequired = false, string? Alias = null)
{
    /// <summary>Options that cannot stand beside it.</summary>
    public string[] Excludes { get; init; } = [];

    /// <summary>Options that have to stand beside it.</summary>
    public string[] Needs { get; init; } = [];

    /// <summary>Whether using it twice is left to the extension to judge.</summary>
    public bool IsRepeatable { get; init; }
}

/// <summary>
/// The reader of one `-m NAME` or `-j NAME` of a command line: takes its options one after another, then makes the match or
/// target. A refusal is a text, as iptables prints it; null is consent.
/// </summary>
internal abstract class Extension(string name, params ExtensionOption[] options)
{
    private readonly HashSet<string> given = [];

    public string Name => name;

    public ExtensionOption? Option(string text) => Array.Find(options, option => option.Name == text || option.Alias == text);

    public string? Take(ExtensionOption option, bool not, IReadOnlyList<string> values)
    {
        if (given.Contains(option.Name) && !option.IsRepeatable)
            return $"{name}: option \"--{option.Name}\" can only be used once.\n";
        if (not && !option.CanInvert)
            return $"{name}: option \"--{option.Name}\" cannot be inverted.\n";
        given.Add(option.Name);
        return Set(option.Name, not, values);
    }

    /// <summary>The last look, when the command line is at its end.</summary>
    public string? Finish(HeaderMatch header)
    {
        if (Check(header) is { } refusal)
            return refusal;
        foreach (var option in options)
        {
            if (!given.Contains(option.Name))
            {
                if (option.IsRequired)
                    return $"{name}: option \"--{option.Name}\" must be specified\n";
                continue;
            }
            if (options.FirstOrDefault(other => option.Excludes.Contains(other.Name) && given.Contains(other.Name)) is { } excluded)
                return $"{name}: option \"--{option.Name}\" cannot be used together with \"--{excluded.Name}\".\n";
            if (Array.Find(option.Needs, other => !given.Contains(other)) is { } needed)
                return $"{name}: option \"--{option.Name}\" also requires \"--{needed}\".\n";
        }
        return null;
    }

    /// <summary>Whether the kernel would refuse it beside such a header.</summary>
    public virtual bool IsRefusedByKernel(HeaderMatch header) => false;

    protected bool Has(string option) => given.Contains(option);

    protected virtual string? Check(HeaderMatch header) => null;

    protected abstract string? Set(string option, bool not, IReadOnlyList<string> values);

    protected string OutOfRange(string option, string range) => $"{name}: bad value for option \"--{option}\", or out of range ({range}).\n";
}

internal abstract class MatchExtension(string name, params ExtensionOption[] options) : Extension(name, options)
{
    public abstract Match Build(HeaderMatch header);
}

internal abstract class TargetExtension(string name, params ExtensionOption[] options) : Extension(name, options)
{
    public abstract Target Build();
}
