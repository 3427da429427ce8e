using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>Amounts of resources by name: CPU in thousandths, everything else in whole units.</summary>
internal sealed class ResourceAmounts
{
    public const string Cpu = "cpu";
    public const string Memory = "memory";
    public const string EphemeralStorage = "ephemeral-storage";
    public const string PodCount = "pods";

    private readonly SortedDictionary<string, long> _amounts = new(StringComparer.Ordinal);

    public long this[string resource]
    {
        get => _amounts.GetValueOrDefault(resource);
        set => _amounts[resource] = value;
    }

    public IEnumerable<KeyValuePair<string, long>> All => _amounts;

    public static ResourceAmounts Of(Doc? list)
    {
        var amounts = new ResourceAmounts();
        foreach (var (name, value) in list?.Fields ?? [])
        {
            var amount = Quantity.TryParse(value.AsText ?? (value as DocNumber)?.Literal) ?? default;
            amounts[name] = name == Cpu ? amount.MilliValue : amount.Value;
        }

        return amounts;
    }

    public void Add(ResourceAmounts other, int sign = 1)
    {
        foreach (var (name, amount) in other._amounts)
        {
            this[name] += sign * amount;
        }
    }

    /// <summary>Of each resource the larger amount.</summary>
    public void Raise(ResourceAmounts other)
    {
        foreach (var (name, amount) in other._amounts)
        {
            this[name] = Math.Max(this[name], amount);
        }
    }
}
