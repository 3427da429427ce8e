using System.Globalization;
using KubeLessons.Checks;
using KubeLessons.Lessons;

namespace KubeLessons.Running;

/// <summary>Reads values off the cluster, and says which choice of a prediction came true.</summary>
internal static class Predicting
{
    /// <summary>The key of the first choice that agrees with the cluster; null when none does.</summary>
    public static string? WhatCameTrue(PredictBlock question, Viewpoint view, Func<string, StepRecord?> stepNamed)
    {
        if (question.Observe is { } observe)
        {
            var value = Read(observe, view, stepNamed) ?? "";
            return question.Choices
                .FirstOrDefault(choice => choice.Value is not null && view.Variables.Substitute(choice.Value).Text == value)?.Key;
        }

        // A choice without conditions is right when no other is.
        return (question.Choices.FirstOrDefault(choice =>
                choice.When.Length > 0 && choice.When.All(condition => ConditionEvaluator.Evaluate(condition, view).Holds))
            ?? question.Choices.FirstOrDefault(choice => choice.When.IsEmpty))?.Key;
    }

    /// <summary>The value; null when it is not there.</summary>
    public static string? Read(ObservedValue value, Viewpoint view, Func<string, StepRecord?> stepNamed)
    {
        switch (value)
        {
            case ObservedValue.JsonPath v:
                var found = Selecting.Select(v.Selection, view).Objects;
                return found.Count == 0 ? null : JsonPath.Evaluate(found[0].Root, view.Variables.Substitute(v.Path).Text);
            case ObservedValue.Count v:
                return Selecting.Select(v.Selection, view).Objects.Count.ToString(CultureInfo.InvariantCulture);
            case ObservedValue.Unit v:
                return v.Node.Resolve(view.Variables, view.Nodes) is { } node
                    ? view.State.Fact(new Clusters.FactId(node, "unit", HostConditions.UnitName(v.Name)))?.Value
                    : null;
            case ObservedValue.OutputOf v:
                return stepNamed(v.Step)?.Result?.Output.Trim();
            case ObservedValue.ExitOf v:
                return stepNamed(v.Step)?.Result?.ExitCode.ToString(CultureInfo.InvariantCulture);
            default:
                return null;
        }
    }
}
