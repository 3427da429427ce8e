namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>One condition of a rule, such as `-m tcp --dport 80`.</summary>
internal abstract record Match
{
    public abstract bool Matches(FilterPass pass);

    /// <summary>
    /// Whether it says the same about every packet that differs only in the port that its sender happened to draw, whatever went
    /// before: no lots, no memory, no range of ports.
    /// </summary>
    public virtual bool IsRepeatable => true;

    /// <summary>The condition as `iptables -S` and `iptables-save` write it.</summary>
    public abstract string Save { get; }

    /// <summary>The condition as the last column of `iptables -L` shows it; with <paramref name="numeric"/> under `-n`.</summary>
    public abstract string List(bool numeric);

    public sealed override string ToString() => Save;
}

/// <summary>What a rule does with a packet that matches.</summary>
internal abstract record Target
{
    public abstract Verdict Apply(FilterPass pass);

    /// <summary>Whether it does nothing but decide about the packet, so that doing it once is as good as doing it every time.</summary>
    public virtual bool IsRepeatable => true;

    /// <summary>The word in the first column of `iptables -L`.</summary>
    public abstract string Name { get; }

    /// <summary>The options after the name, as `iptables -S` writes them.</summary>
    public virtual string SaveOptions => "";

    /// <summary>The options as the last column of `iptables -L` shows them.</summary>
    public virtual string ListOptions => "";

    public sealed override string ToString() => Name + SaveOptions;
}
