using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Printing;

namespace KubeLessons.Simulator.Kubectl.Describing;

/// <summary>
/// Collects the lines of a description: two spaces a level, a tab between a label and its value. Nothing is aligned until
/// <see cref="Aligned"/> is asked for.
/// </summary>
internal sealed class DescribeWriter(DateTimeOffset now)
{
    private const int LongestAnnotation = 140;
    private const string HiddenAnnotation = "kubectl.kubernetes.io/last-applied-configuration";
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _aligned = new();

    /// <summary>The time of day in the world.</summary>
    public DateTimeOffset Now => now;

    /// <summary>The text with its tabs.</summary>
    public string Raw => _text.ToString();

    /// <summary>The text with its columns aligned (tabwriter: minwidth 0, padding 2).</summary>
    public string Aligned
    {
        get
        {
            Flush();
            return _aligned.ToString();
        }
    }

    public void Write(string text) => _text.Append(text);

    /// <summary>A line at a level.</summary>
    public void Line(int level, string line) => _text.Append(' ', level * 2).Append(line).Append('\n');

    /// <summary>A label and its value.</summary>
    public void Field(int level, string label, string? value) => Line(level, $"{label}:\t{value}");

    /// <summary>Columns start anew from here.</summary>
    public void Flush()
    {
        var writer = new TabWriter(0, 2);
        writer.Write(_text.ToString());
        _aligned.Append(writer.Flush());
        _text.Clear();
    }

    /// <summary>Labels, one a line, by key. Further lines begin with their own indent.</summary>
    public void Labels(string title, Doc? labels, string indent = "", string furtherIndent = "")
    {
        var entries = Sorted(labels);
        Write($"{indent}{title}:\t");
        if (entries.Count == 0)
        {
            Write("<none>\n");
            return;
        }

        var first = true;
        foreach (var (key, value) in entries)
        {
            Write($"{(first ? "" : furtherIndent + "\t")}{key}={value}\n");
            first = false;
        }
    }

    /// <summary>Annotations, one a line, by key; long ones below their key.</summary>
    public void Annotations(string title, Doc? annotations, string indent = "")
    {
        var entries = Sorted(annotations).Where(entry => entry.Key != HiddenAnnotation).ToList();
        Write($"{indent}{title}:\t");
        if (entries.Count == 0)
        {
            Write("<none>\n");
            return;
        }

        var first = true;
        foreach (var (key, whole) in entries)
        {
            Write(first ? "" : "\t");
            first = false;
            var value = whole.EndsWith('\n') ? whole[..^1] : whole;
            if (value.Length + key.Length + 2 <= LongestAnnotation && !value.Contains('\n', StringComparison.Ordinal))
            {
                Write($"{key}: {value}\n");
                continue;
            }

            Write(key + ":\n");
            foreach (var line in value.Split('\n'))
            {
                Write($"\t  {(line.Length > LongestAnnotation - 2 ? line[..(LongestAnnotation - 2)] + "..." : line)}\n");
            }
        }
    }

    /// <summary>A time of the API in words: <c>Mon, 05 Jan 2026 00:00:00 +0000</c>.</summary>
    public static string Time(string? timestamp) =>
        HumanDuration.Parse(timestamp) is { } time ? time.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture) : "<unset>";

    /// <summary>How long ago a time of the API was.</summary>
    public string Since(string? timestamp) => HumanDuration.Since(timestamp, now);

    private static List<KeyValuePair<string, string>> Sorted(Doc? map) =>
        [.. (map?.Fields ?? []).OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => KeyValuePair.Create(field.Key, field.Value.AsText ?? ""))];
}
