using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Clusters.ControlPlane;

/// <summary>Command line flags as Go programs take them: <c>--name=value</c> or <c>--name value</c>.</summary>
internal static class Flags
{
    /// <summary>A flag's value; null when it is not given.</summary>
    public static string? Value(Process self, string name)
    {
        var arguments = self.Arguments;
        for (var i = 0; i < arguments.Length; i++)
        {
            var argument = arguments[i];
            if (argument.StartsWith(name, StringComparison.Ordinal))
            {
                if (argument.Length > name.Length && argument[name.Length] == '=')
                {
                    return argument[(name.Length + 1)..];
                }

                if (argument.Length == name.Length && i + 1 < arguments.Length)
                {
                    return arguments[i + 1];
                }
            }
        }

        return null;
    }
}
