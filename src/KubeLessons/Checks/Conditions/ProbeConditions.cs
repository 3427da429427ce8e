using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Checks;

/// <summary>
/// Judges conditions that no watch can report, because somebody has to try: http, dns, port and sh. The try is a command
/// (<see cref="Probe"/>), whose outcome is recorded as a fact under the condition's own words and is looked at here.
/// </summary>
internal static class ProbeConditions
{
    /// <summary>The noun of probe outcomes among the facts.</summary>
    public const string Noun = "probe";

    public static Finding Evaluate(Condition condition, Viewpoint view)
    {
        var fact = view.State.Fact(IdOf(condition, view.Variables));
        if (fact is null)
        {
            return new Finding(false, Expected(condition, view.Variables), Said.NotSeenYet);
        }

        var outcome = ProbeOutcome.Read(fact.Value);
        return new Finding(
            Holds(condition, outcome, view.Variables), Expected(condition, view.Variables), Actual(condition, outcome), fact.Since);
    }

    public static FactId IdOf(Condition condition, Variables variables) =>
        new("", Noun, variables.Substitute(condition.Text).Text);

    private static bool Holds(Condition condition, ProbeOutcome outcome, Variables variables) => condition switch
    {
        HttpCondition { Outcome: HttpOutcome.Answers wanted } =>
            outcome.ExitCode == 0
            && outcome.HttpStatus == wanted.Status
            && (wanted.BodyContains is not { } text
                || outcome.Output.Contains(variables.Substitute(text).Text, StringComparison.Ordinal)),
        HttpCondition { Outcome: HttpOutcome.Fails wanted } =>
            outcome.ExitCode != 0 && (wanted.Reason is null || wanted.Reason == outcome.Failure),
        DnsCondition dns => outcome.ExitCode == 0
            && outcome.Output.Contains(variables.Substitute(dns.Address).Text, StringComparison.Ordinal),
        PortCondition port => port.State switch
        {
            PortState.Open => outcome.Failure is null,
            PortState.Refused => outcome.Failure == ConnectFailure.Refused,
            _ => outcome.Failure == ConnectFailure.Timeout,
        },
        _ => outcome.ExitCode == 0,
    };

    private static Message Expected(Condition condition, Variables variables) => condition switch
    {
        HttpCondition { Outcome: HttpOutcome.Answers { BodyContains: { } text } wanted } =>
            Message.Of("check.answersWith", wanted.Status, variables.Substitute(text).Text),
        HttpCondition { Outcome: HttpOutcome.Answers wanted } => Message.Of("check.answers", wanted.Status),
        HttpCondition { Outcome: HttpOutcome.Fails { Reason: { } reason } } => Failure(reason),
        HttpCondition => Message.Of("check.noAnswer"),
        DnsCondition dns => Said.Verbatim(variables.Substitute(dns.Address).Text),
        PortCondition port => Said.Verbatim(port.State.ToString().ToLowerInvariant()),
        _ => Said.Verbatim("exit=0"),
    };

    private static Message Actual(Condition condition, ProbeOutcome outcome) => condition switch
    {
        HttpCondition when outcome.ExitCode == 0 => Message.Of("check.answers", outcome.HttpStatus),
        HttpCondition or PortCondition when outcome.Failure is { } failure => Failure(failure),
        PortCondition => Said.Verbatim("open"),
        DnsCondition when outcome.ExitCode == 0 => Said.Verbatim(Excerpt.Of(outcome.Output)),
        _ => Said.Verbatim($"exit={outcome.ExitCode} {Excerpt.Of(outcome.Output)}".TrimEnd()),
    };

    private static Message Failure(ConnectFailure failure) => Message.Of(failure switch
    {
        ConnectFailure.Refused => "check.refused",
        ConnectFailure.Timeout => "check.timeout",
        _ => "check.noRoute",
    });
}
