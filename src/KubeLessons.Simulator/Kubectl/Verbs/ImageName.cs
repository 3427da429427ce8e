namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary>Image references, as far as kubectl checks them itself (distribution/reference).</summary>
internal static class ImageName
{
    public static bool IsValid(string image)
    {
        if (image.Length == 0)
        {
            return false;
        }

        var digest = image.IndexOf('@', StringComparison.Ordinal);
        var name = digest < 0 ? image : image[..digest];
        var colon = name.LastIndexOf(':');
        if (colon > name.LastIndexOf('/'))
        {
            var tag = name[(colon + 1)..];
            if (tag.Length is 0 or > 128 || !tag.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-') || tag[0] is '.' or '-')
            {
                return false;
            }

            name = name[..colon];
        }

        var parts = name.Split('/');
        return parts.Select((part, at) => (part, at)).All(each => IsPart(each.part, mayBeHost: each.at == 0 && parts.Length > 1));
    }

    private static bool IsPart(string part, bool mayBeHost) =>
        part.Length > 0
        && char.IsAsciiLetterOrDigit(part[0])
        && char.IsAsciiLetterOrDigit(part[^1])
        && part.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-' || (mayBeHost && (c == ':' || char.IsAsciiLetterUpper(c))));
}
