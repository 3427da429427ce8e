namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>
/// A rule while its command line is read: header, extensions in the order in which they were named, and the name after -j.
/// One line can mean several rules, when -s or -d lists several addresses.
/// </summary>
internal sealed class RuleDraft
{
    private readonly List<Extension> extensions = [];
    private bool loadedProtocol;

    public List<AddressMatch> Sources { get; set; } = [default];

    public List<AddressMatch> Destinations { get; set; } = [default];

    public HeaderMatch Header { get; set; } = new();

    public string Jump { get; private set; } = "";

    public bool IsGoto { get; private set; }

    private TargetExtension? Target => extensions.OfType<TargetExtension>().FirstOrDefault();

    public string? AddMatch(string name)
    {
        if (ExtensionCatalog.Match(name) is not { } match)
            return $"Couldn't load match `{name}':No such file or directory\n";
        extensions.Add(match);
        return null;
    }

    public string? SetJump(string name, bool isGoto)
    {
        if (name.Length == 0)
            return "Invalid target name (too short)";
        if (name.Length > 28)
            return $"Invalid target name `{name}' (28 chars max)";
        if (name.Any(char.IsWhiteSpace))
            return $"Invalid target name `{name}'";
        (Jump, IsGoto) = (name, isGoto);
        if (!isGoto && ExtensionCatalog.Target(name) is { } target)
            extensions.Add(target);
        return null;
    }

    /// <summary>
    /// Who takes a long option: the extension named last, or the match of the protocol itself, which is loaded when one of its
    /// options is met (`-p tcp --dport 80` is `-p tcp -m tcp --dport 80`).
    /// </summary>
    public (Extension Extension, ExtensionOption Option)? Find(string option)
    {
        for (var index = extensions.Count - 1; index >= 0; index--)
        {
            if (extensions[index].Option(option) is { } found)
                return (extensions[index], found);
        }
        if (loadedProtocol || Header.Protocol == 0 || ExtensionCatalog.Match(ProtocolNames.Name(Header.Protocol)) is not { } match ||
            extensions.Exists(other => other.Name == match.Name) || match.Option(option) is not { } own)
            return null;
        loadedProtocol = true;
        extensions.Add(match);
        return (match, own);
    }

    /// <summary>Makes the rules, or says why there can be none. A jump is to a chain of the table, if it has one of that name.</summary>
    public IptablesFailure? Build(FilterTable table, out List<Rule> rules)
    {
        rules = [];
        foreach (var extension in extensions)
        {
            if (extension.Finish(Header) is { } refusal)
                return IptablesFailure.Usage(refusal);
        }
        var target = Target?.Build();
        if (target is null && Jump.Length > 0)
        {
            if (table.Find(Jump) is null)
            {
                return IptablesFailure.Usage(IsGoto ? $"goto '{Jump}' is not a chain"
                    : $"Couldn't load target `{Jump}':No such file or directory\n");
            }
            target = new JumpTarget(Jump, IsGoto);
        }
        var matches = extensions.OfType<MatchExtension>().Select(match => match.Build(Header)).ToList();
        foreach (var source in Sources)
        {
            foreach (var destination in Destinations)
                rules.Add(new(Header with { Source = source, Destination = destination }, matches, target));
        }
        var refused = extensions.Exists(extension => extension.IsRefusedByKernel(Header)) || (target is JumpTarget && table.Find(Jump)!.Hook is not null);
        return refused ? IptablesFailure.Invalid() : null;
    }
}
