using System.Globalization;
using System.Text;

namespace KubeLessons.Simulator.Network.KubeProxy;

/// <summary>The input for iptables-restore while it grows: chains and rules of the two tables, each in its own heap.</summary>
internal sealed class RestoreText
{
    private readonly StringBuilder filterChains = new("*filter\n");
    private readonly StringBuilder filterRules = new();
    private readonly StringBuilder natChains = new("*nat\n");
    private readonly StringBuilder natRules = new();
    private readonly HashSet<string> active = [];

    /// <summary>The nat chains that were declared.</summary>
    public IReadOnlySet<string> NatChains => active;

    public void FilterChain(string name) => filterChains.Append(CultureInfo.InvariantCulture, $":{name} - [0:0]\n");

    public void NatChain(string name)
    {
        if (active.Add(name))
            natChains.Append(CultureInfo.InvariantCulture, $":{name} - [0:0]\n");
    }

    public void Filter(string chain, params ReadOnlySpan<string> words) => Write(filterRules, chain, words);

    public void Nat(string chain, params ReadOnlySpan<string> words) => Write(natRules, chain, words);

    /// <summary>Empties a chain and removes it.</summary>
    public void DeleteNatChain(string name)
    {
        natChains.Append(CultureInfo.InvariantCulture, $":{name} - [0:0]\n");
        natRules.Append("-X ").Append(name).Append('\n');
    }

    public static string Comment(string text) => $"-m comment --comment \"{text}\"";

    public static string Probability(int parts) => "-m statistic --mode random --probability " + (1.0 / parts).ToString("F10", CultureInfo.InvariantCulture);

    public override string ToString() => $"{filterChains}{filterRules}COMMIT\n{natChains}{natRules}COMMIT\n";

    private static void Write(StringBuilder rules, string chain, ReadOnlySpan<string> words)
    {
        rules.Append("-A ").Append(chain);
        foreach (var word in words)
        {
            if (word.Length > 0)
                rules.Append(' ').Append(word);
        }
        rules.Append('\n');
    }
}
