namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>ACCEPT, DROP or RETURN.</summary>
internal sealed record VerdictTarget(Verdict Verdict) : Target
{
    public override string Name => Verdict switch { Verdict.Accept => "ACCEPT", Verdict.Drop => "DROP", _ => "RETURN" };

    public override Verdict Apply(FilterPass pass) => Verdict;
}

/// <summary>A jump to a chain of the same table; with <paramref name="Goto"/> (-g) its end returns to the caller's caller.</summary>
internal sealed record JumpTarget(string Chain, bool Goto = false) : Target
{
    public override string Name => Chain;

    public override Verdict Apply(FilterPass pass) => Verdict.Continue;
}
