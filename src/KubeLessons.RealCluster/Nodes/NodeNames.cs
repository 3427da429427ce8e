using System.Text;
using System.Text.RegularExpressions;

namespace KubeLessons.RealCluster.Nodes;

/// <summary>
/// The lesson's names of nodes and the cluster's own. A lesson says <c>w1-k8s</c> where a cluster says <c>kind-worker</c>; what goes to the
/// cluster is put into its words, and what comes back into the lesson's. Where both are the same nothing is touched.
/// </summary>
internal sealed class NodeNames
{
    private readonly Dictionary<string, string> _toCluster;
    private readonly Dictionary<string, string> _toLesson;
    private readonly Regex? _inScript;
    private readonly Regex? _inOutput;

    public NodeNames(IEnumerable<(string Lesson, string Cluster)> pairs)
    {
        var all = pairs.ToList();
        _toCluster = all.ToDictionary(pair => pair.Lesson, pair => pair.Cluster, StringComparer.Ordinal);
        _toLesson = all.ToDictionary(pair => pair.Cluster, pair => pair.Lesson, StringComparer.Ordinal);
        var others = all.Where(pair => pair.Lesson != pair.Cluster).ToList();
        _inScript = others.Count == 0 ? null : Words(others.Select(pair => pair.Lesson));
        _inOutput = others.Count == 0 ? null : Words(others.Select(pair => pair.Cluster));
    }

    public static NodeNames Same { get; } = new([]);

    /// <summary>Whether any node has two names.</summary>
    public bool Differ => _inScript is not null;

    public string ClusterName(string lesson) => _toCluster.GetValueOrDefault(lesson, lesson);

    public string LessonName(string cluster) => _toLesson.GetValueOrDefault(cluster, cluster);

    /// <summary>A learner's command in the cluster's words.</summary>
    public string InScript(string script) => _inScript?.Replace(script, match => _toCluster[match.Value]) ?? script;

    /// <summary>A JSON document of the cluster in the lesson's words.</summary>
    public string InDocument(string json) => _inOutput?.Replace(json, match => _toLesson[match.Value]) ?? json;

    /// <summary>Printed text in the lesson's words. Blanks behind a name are added or taken, so that the columns of a table stay.</summary>
    public string InOutput(string text) => _inOutput is null ? text : Retold(text);

    private static Regex Words(IEnumerable<string> names) => new(
        $@"(?<![A-Za-z0-9_.-])(?:{string.Join('|', names.OrderByDescending(name => name.Length).Select(Regex.Escape))})(?![A-Za-z0-9_-]|\.[A-Za-z0-9])",
        RegexOptions.CultureInvariant);

    private string Retold(string text)
    {
        var told = new StringBuilder(text.Length);
        var end = 0;
        foreach (Match match in _inOutput!.Matches(text))
        {
            told.Append(text, end, match.Index - end);
            end = match.Index + match.Length;
            var name = _toLesson[match.Value];
            told.Append(name);
            var blanks = 0;
            while (end + blanks < text.Length && text[end + blanks] == ' ')
            {
                blanks++;
            }

            if (blanks > 1)
            {
                told.Append(' ', Math.Max(1, blanks + match.Length - name.Length));
                end += blanks;
            }
        }

        return told.Append(text, end, text.Length - end).ToString();
    }
}
