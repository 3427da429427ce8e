using System.Text.RegularExpressions;

namespace KubeLessons.RealCluster.Safety;

/// <summary>What commands speak of: the words in their text. What they do not name they are not taken to have changed.</summary>
internal sealed class SpokenOf(string text)
{
    private readonly HashSet<string> _words = new(
        Regex.Matches(text, "[A-Za-z0-9_.-]+").Select(match => match.Value.Trim('.', '-')), StringComparer.Ordinal);

    private readonly string _dotted = text.Replace('/', '.');

    public bool Has(string word) => _words.Contains(word) || _words.Contains(word + ".service");

    /// <summary>Modules go by either spelling.</summary>
    public bool HasModule(string module) => Has(module) || Has(module.Replace('_', '-'));

    /// <summary>A setting goes by its dots, or by its path under <c>/proc/sys</c>.</summary>
    public bool HasSysctl(string key) => _dotted.Contains(key, StringComparison.Ordinal);

    /// <summary>An object's name, or one that was made of a prefix.</summary>
    public bool HasObject(string name) => _words.Contains(name);
}
