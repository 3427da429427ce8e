using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Pods;

/// <summary>Checks a container's requests and limits (pkg/apis/core/validation: ValidateContainerResourceRequirements).</summary>
internal static class ResourceValidation
{
    public static void Validate(Doc? resources, string at, FieldErrors errors, RuleScope scope)
    {
        if (resources is null)
        {
            return;
        }

        CheckAmounts(resources["limits"], at + ".limits", errors);
        CheckAmounts(resources["requests"], at + ".requests", errors);
        if (resources["requests"] is not DocObject requests)
        {
            return;
        }

        for (var i = 0; i < requests.Count; i++)
        {
            var resource = requests.Keys[i];
            if (Quantity.TryParse(requests.Values[i].AsText) is not { } request
                || Quantity.TryParse(resources.Text("limits", resource)) is not { } limit)
            {
                continue;
            }

            // The limit is named since 1.27.
            var detail = scope.Minor >= 27 ? $"must be less than or equal to {resource} limit of {limit}" : $"must be less than or equal to {resource} limit";
            if (request > limit)
            {
                errors.Invalid($"{at}.requests", request.ToString(), detail);
            }
        }
    }

    private static void CheckAmounts(Doc? amounts, string at, FieldErrors errors)
    {
        if (amounts is not DocObject map)
        {
            return;
        }

        for (var i = 0; i < map.Count; i++)
        {
            var resource = map.Keys[i];
            if (Quantity.TryParse(map.Values[i].AsText) is { IsNegative: true })
            {
                errors.Invalid($"{at}[{resource}]", map.Values[i], "must be greater than or equal to 0");
            }

            if (!resource.Contains('/', StringComparison.Ordinal)
                && resource is not ("cpu" or "memory" or "ephemeral-storage") && !resource.StartsWith("hugepages-", StringComparison.Ordinal))
            {
                errors.Invalid($"{at}[{resource}]", resource, "must be a standard resource type or fully qualified");
                errors.Invalid($"{at}[{resource}]", resource, "must be a standard resource for containers");
            }
        }
    }
}
