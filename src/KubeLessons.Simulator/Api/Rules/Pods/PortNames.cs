namespace KubeLessons.Simulator.Api.Rules.Pods;

/// <summary>Names of ports (IANA service names) and their numbers (k8s.io/apimachinery/pkg/util/validation: IsValidPortName).</summary>
internal static class PortNames
{
    public const string Range = "must be between 1 and 65535, inclusive";

    /// <summary>The fault; null when there is none.</summary>
    public static string? Check(string name)
    {
        if (name.Length > 15)
        {
            return "must be no more than 15 characters";
        }

        if (name.Any(letter => letter is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')))
        {
            return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
        }

        if (!name.Any(char.IsAsciiLetter))
        {
            return "must contain at least one letter (a-z)";
        }

        if (name.Contains("--", StringComparison.Ordinal))
        {
            return "must not contain consecutive hyphens";
        }

        return name[0] == '-' || name[^1] == '-' ? "must not begin or end with a hyphen" : null;
    }
}

/// <summary>Names of environment variables: since 1.32 every printable ASCII character but "=" (RelaxedEnvironmentVariableValidation).</summary>
internal static class EnvironmentNames
{
    public static string? Check(string name, int minor)
    {
        if (minor >= 32)
        {
            return name.All(letter => letter is >= ' ' and <= '~' and not '=')
                ? null
                : "a valid environment variable name must consist only of printable ASCII characters other than '='";
        }

        var isWord = !char.IsAsciiDigit(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.');
        return isWord ? null : "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not "
            + "start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";
    }
}
