using System.Runtime.InteropServices;

namespace KubeLessons.EndToEnd.Tests.Network;

/// <summary>
/// The simulator's packet walk against the kernel's own: random rule sets are loaded in both, and both must treat the same
/// packets alike: the same verdicts, the same errors, the same translated addresses.
/// </summary>
public class NetfilterPropertyTests
{
    private const int RuleSets = 500;

    /// <summary>Another range of seeds, or a single one: KUBELESSONS_NETFILTER_SEED=17 repeats one rule set, =1000+2000 runs two thousand from a thousand.</summary>
    private static readonly string Seeds = Environment.GetEnvironmentVariable("KUBELESSONS_NETFILTER_SEED") ?? $"1+{RuleSets}";

    [Fact(Timeout = 20 * 60 * 1000)]
    public Task Random_rules_do_in_the_model_what_they_do_in_the_kernel() => Task.Run(() =>
    {
        if (Missing() is { } missing)
            Assert.Skip(missing);
        var range = Seeds.Split('+');
        var first = int.Parse(range[0]);
        var count = range.Length > 1 ? int.Parse(range[1]) : 1;
        using var real = new RealNetwork(Restore!);
        var (compared, outcomes) = (0, new SortedDictionary<string, int>());
        for (var seed = first; seed < first + count; seed++)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            if (Difference(real, seed, TimeSpan.FromMilliseconds(30), outcomes) is null)
            {
                compared++;
                continue;
            }
            // A busy machine may have been slow to answer: what differs is tried once more with patience.
            if (Difference(real, seed, TimeSpan.FromMilliseconds(900), outcomes) is { } difference)
                Assert.Fail($"{difference}\nRepeat it: KUBELESSONS_NETFILTER_SEED={seed} dotnet run --project tests/KubeLessons.EndToEnd.Tests -- --filter-class *NetfilterPropertyTests");
            compared++;
        }
        compared.ShouldBe(count);
        TestContext.Current.SendDiagnosticMessage($"{count} rule sets; outcomes: {string.Join(", ", outcomes.Select(pair => $"{pair.Key} {pair.Value}"))}");
        if (count >= RuleSets)
        {
            foreach (var outcome in new[] { "answered", "lost", "ConnectionRefused", "HostUnreachable" })
                outcomes.GetValueOrDefault(outcome).ShouldBeGreaterThan(count / 50, outcome);
        }
    }, TestContext.Current.CancellationToken);

    private static string? Restore => new[] { "/usr/sbin/iptables-legacy-restore", "/sbin/iptables-legacy-restore", "/usr/sbin/iptables-restore" }.FirstOrDefault(File.Exists);

    private static string? Missing()
    {
        if (!OperatingSystem.IsLinux() || GetUserId() != 0)
            return "making network namespaces needs Linux and root";
        if (Restore is null)
            return "iptables is not installed";
        if (!File.Exists("/usr/sbin/ip") && !File.Exists("/sbin/ip") && !File.Exists("/usr/bin/ip"))
            return "iproute2 is not installed";
        try
        {
            using var space = NetworkSpace.Make($"kl{Environment.ProcessId % 100000}-try");
            return space.Program(Restore, RuleSet.Empty) is { } error ? $"the kernel has no iptables here: {error}" : null;
        }
        catch (InvalidOperationException failure)
        {
            return $"no network namespace can be made here: {failure.Message}";
        }
    }

    private static string? Difference(RealNetwork real, int seed, TimeSpan patience, SortedDictionary<string, int> outcomes)
    {
        var rules = new RuleSet(seed);
        var refusal = real.Load(rules);
        var model = new ModelNetwork(rules);
        if (refusal is null != model.Refusal is null)
            return $"rule set {seed}: the kernel says '{refusal}', the model '{model.Refusal}'\n{rules.Text}";
        if (refusal is not null)
            return null;
        var told = "";
        foreach (var probe in rules.Probes)
        {
            var expected = real.Try(probe, patience);
            var actual = model.Try(probe);
            if (model.IsAboutReset)
                return null;
            told += $"{probe}: {expected}\n";
            outcomes[expected.Outcome] = outcomes.GetValueOrDefault(expected.Outcome) + 1;
            if (!Same(expected, actual, rules.ChoosesPorts))
                return $"rule set {seed} (bridged packets {(rules.FiltersBridged ? "are" : "are not")} filtered)\n{rules.Text}{told}the kernel: {expected}\nthe model: {actual}\n{model.Explanation}\n{Counted(real, model)}";
        }
        return null;
    }

    // Where the packets were counted differently is where the two went apart.
    private static string Counted(RealNetwork real, ModelNetwork model)
    {
        var (kernels, models) = (real.Counters().Split('\n'), model.Counters().Split('\n'));
        return "counted in the kernel:\n" + string.Join('\n', kernels.Except(models).Where(line => line.StartsWith('[') || line.StartsWith(':'))) +
            "\nand in the model:\n" + string.Join('\n', models.Except(kernels).Where(line => line.StartsWith('[') || line.StartsWith(':')));
    }

    private static bool Same(Observed real, Observed model, bool choosesPorts)
    {
        if (real.Outcome != model.Outcome)
            return false;
        if (real.Outcome != "answered" || real.IsHalf || model.IsHalf)
            return real.IsHalf == model.IsHalf;
        return real.Server == model.Server && real.ServerSees == model.ServerSees &&
            (choosesPorts || real.ServerSeesPort == real.ClientPort == (model.ServerSeesPort == model.ClientPort));
    }

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint GetUserId();
}
