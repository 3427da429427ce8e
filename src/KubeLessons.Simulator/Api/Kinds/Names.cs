namespace KubeLessons.Simulator.Api.Kinds;

/// <summary>
/// What names may look like (k8s.io/apimachinery/pkg/util/validation). Each check answers with the fault in Kubernetes' words,
/// or null.
/// </summary>
internal static class Names
{
    private const string LabelFault =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an "
        + "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private const string SubdomainFault =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with "
        + "an alphanumeric character (e.g. 'example.com', regex used for validation is "
        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string Label1035Fault =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end "
        + "with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    private const string QualifiedFault =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. "
        + "'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string LabelValueFault =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with "
        + "an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
        + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    /// <summary>Pods, nodes, deployments… (253 characters).</summary>
    public static string? Dns1123Subdomain(string name) =>
        name.Length > 253 ? TooLong(253) : AreLabels(name) ? null : SubdomainFault;

    /// <summary>Namespaces, containers, ports' names… (63 characters).</summary>
    public static string? Dns1123Label(string name) =>
        name.Length > 63 ? TooLong(63) : IsLabel(name) ? null : LabelFault;

    /// <summary>Services (63 characters, must begin with a letter).</summary>
    public static string? Dns1035Label(string name) =>
        name.Length > 63 ? TooLong(63) : IsLabel(name) && name[0] is >= 'a' and <= 'z' ? null : Label1035Fault;

    /// <summary>RBAC names: anything that can stand in a path.</summary>
    public static string? PathSegment(string name) => name switch
    {
        "." or ".." => $"may not be '{name}'",
        _ when name.Contains('/', StringComparison.Ordinal) => "may not contain '/'",
        _ when name.Contains('%', StringComparison.Ordinal) => "may not contain '%'",
        _ => null,
    };

    /// <summary>Keys of labels, annotations and taints: <c>prefix/name</c>.</summary>
    public static string? QualifiedName(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var (prefix, name) = slash < 0 ? (null, key) : (key[..slash], key[(slash + 1)..]);
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return $"a qualified name {QualifiedFault} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
        }

        return prefix switch
        {
            "" => "prefix part must be non-empty",
            not null when Dns1123Subdomain(prefix) is { } fault => "prefix part " + fault,
            _ when name.Length == 0 => "name part must be non-empty",
            _ when name.Length > 63 => "name part " + TooLong(63),
            _ => IsWord(name) ? null : "name part " + QualifiedFault,
        };
    }

    public static string? LabelValue(string value) =>
        value.Length > 63 ? TooLong(63) : value.Length == 0 || IsWord(value) ? null : LabelValueFault;

    public static string TooLong(int most) => $"must be no more than {most} characters";

    private static bool AreLabels(ReadOnlySpan<char> text)
    {
        foreach (var part in text.Split('.'))
        {
            if (!IsLabel(text[part]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsLabel(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] == '-' || text[^1] == '-')
        {
            return false;
        }

        foreach (var letter in text)
        {
            if (letter is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsWord(ReadOnlySpan<char> text)
    {
        if (!char.IsAsciiLetterOrDigit(text[0]) || !char.IsAsciiLetterOrDigit(text[^1]))
        {
            return false;
        }

        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
