namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>MARK: clears the bits of <paramref name="Mask"/> in the packet's mark, then flips those of <paramref name="Value"/>.</summary>
internal sealed record MarkTarget(uint Value, uint Mask) : Target
{
    public override string Name => "MARK";

    public override string SaveOptions => $" --set-xmark 0x{Value:x}/0x{Mask:x}";

    public override string ListOptions
    {
        get
        {
            if (Value == 0)
                return $"MARK and 0x{~Mask:x}";
            if (Value == Mask)
                return $"MARK or 0x{Value:x}";
            if (Mask == 0)
                return $"MARK xor 0x{Value:x}";
            return Mask == uint.MaxValue ? $"MARK set 0x{Value:x}" : $"MARK xset 0x{Value:x}/0x{Mask:x}";
        }
    }

    public override Verdict Apply(FilterPass pass)
    {
        pass.Buffer.Mark = pass.Buffer.Mark & ~Mask ^ Value;
        return Verdict.Continue;
    }
}

/// <summary>NOTRACK, and CT --notrack: the packet stays unknown to connection tracking, and so untranslated.</summary>
internal sealed record NoTrackTarget(bool WrittenAsCt) : Target
{
    public override string Name => WrittenAsCt ? "CT" : "NOTRACK";

    public override string SaveOptions => WrittenAsCt ? " --notrack" : "";

    public override string ListOptions => WrittenAsCt ? "NOTRACK" : "";

    public override Verdict Apply(FilterPass pass)
    {
        if (!pass.Buffer.IsTracked)
            pass.Buffer.State = Tracking.TrackingState.Untracked;
        return Verdict.Continue;
    }
}
