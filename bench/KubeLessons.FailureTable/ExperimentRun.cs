using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace KubeLessons.FailureTable;

/// <summary>Runs one experiment on a lab, and leaves the lab as it found it.</summary>
internal static class ExperimentRun
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(4);

    // The pods, services and nodes that every experiment finds: all there, all well.
    private const string LabPods = "kubectl get pods web1 web2 client1 client2 --no-headers 2>&1 | grep -c ' 1/1 *Running'";
    private const string ReadyNodes = "kubectl get nodes --no-headers 2>&1 | grep -c ' Ready '";
    private const string RemoveRest =
        "kubectl delete deploy,sts,ds,job --all; kubectl delete pods -l 'app notin (web,client)' --force --grace-period=0; "
        + "kubectl delete pods --field-selector status.phase=Failed; kubectl delete events --all; kubectl get svc -o name | grep -v -e /kubernetes -e /web | xargs -r kubectl delete";

    public static ImmutableArray<Shown> Run(Experiment experiment, ILab lab, Action<string> report)
    {
        Settle(lab, report);
        var mark = lab.Now;
        var shown = ImmutableArray.CreateBuilder<Shown>();
        foreach (var step in experiment.Steps.Where(step => step.AppliesTo(lab.Side)))
        {
            switch (step)
            {
                case CommandStep { Waits: false } command:
                    mark = lab.Now;
                    lab.Start(command.Host, command.Command);
                    break;
                case CommandStep command:
                    var (code, output) = lab.Run(command.Host, command.Command);
                    mark = command.Marks ? lab.Now : mark;
                    report(code == 0 ? "" : $"  {command.Command}: {code}: {output.Trim()}");
                    break;
                case PowerStep power:
                    lab.Power(power.Host, power.On);
                    mark = lab.Now;
                    break;
                case PauseStep pause:
                    lab.Wait(pause.Duration);
                    break;
                case Observation observation:
                    shown.Add(Look(observation, lab, mark));
                    report($"  {shown[^1]}");
                    break;
            }
        }

        return shown.ToImmutable();
    }

    private static Shown Look(Observation observation, ILab lab, TimeSpan mark)
    {
        if (observation.Shows is not { } pattern)
        {
            return new Shown(observation.What, null, Output(lab.Run(observation.Host, observation.Command)));
        }

        var deadline = lab.Now + observation.AtMost;
        while (true)
        {
            var output = Output(lab.Run(observation.Host, observation.Command));
            if (Regex.IsMatch(output, pattern))
            {
                return new Shown(observation.What, Math.Round((lab.Now - mark).TotalSeconds, 1), output);
            }

            if (lab.Now >= deadline)
            {
                return new Shown(observation.What, null, output);
            }

            lab.Wait(BetweenLooks);
        }
    }

    private static void Settle(ILab lab, Action<string> report)
    {
        lab.Run("m-k8s", $"cat > /root/lab.yaml <<'END'\n{Resource.Read("lab.yaml")}\nEND");
        if (lab.Side == Side.Kit)
        {
            lab.Run("m-k8s", RemoveRest);
        }

        var deadline = lab.Now + Settling;
        do
        {
            lab.Run("m-k8s", "kubectl apply -f /root/lab.yaml");
            lab.Wait(TimeSpan.FromSeconds(1));
            if (lab.Run("m-k8s", LabPods).Output.Trim() == "4" && lab.Run("m-k8s", ReadyNodes).Output.Trim() == "3")
            {
                return;
            }
        }
        while (lab.Now < deadline);
        report($"  not settled: {lab.Run("m-k8s", "kubectl get nodes,pods -o wide").Output}");
    }

    private static string Output((int ExitCode, string Output) result) =>
        result.Output.Trim() + (result.ExitCode == 0 ? "" : $"\n[exit {result.ExitCode}]");
}
