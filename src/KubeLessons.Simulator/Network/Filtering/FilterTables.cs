namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>The iptables of one namespace: its tables, and the address lists of the `recent` match.</summary>
public sealed class FilterTables
{
    internal FilterTables() => Reset();

    internal FilterTable Filter { get; private set; } = null!;

    internal FilterTable Nat { get; private set; } = null!;

    internal FilterTable Mangle { get; private set; } = null!;

    internal FilterTable Raw { get; private set; } = null!;

    /// <summary>Empties everything: what a boot does.</summary>
    public void Reset()
    {
        Filter = new("filter", Hook.Input, Hook.Forward, Hook.Output);
        Nat = new("nat", Hook.PreRouting, Hook.Input, Hook.Output, Hook.PostRouting);
        Mangle = new("mangle", Hook.PreRouting, Hook.Input, Hook.Forward, Hook.Output, Hook.PostRouting);
        Raw = new("raw", Hook.PreRouting, Hook.Output);
    }

    internal FilterTable? Find(string name) => name switch
    {
        "filter" => Filter,
        "nat" => Nat,
        "mangle" => Mangle,
        "raw" => Raw,
        _ => null,
    };
}
