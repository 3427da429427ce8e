namespace KubeLessons.Clusters;

/// <summary>A fact that is asked for, of whichever node: <c>unit</c> <c>kubelet</c>. A container is asked for without a name: all of them.</summary>
public readonly record struct FactName(string Noun, string Name) : IComparable<FactName>
{
    public int CompareTo(FactName other)
    {
        var byNoun = string.CompareOrdinal(Noun, other.Noun);
        return byNoun != 0 ? byNoun : string.CompareOrdinal(Name, other.Name);
    }
}
