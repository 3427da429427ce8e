using System.Globalization;
using System.Text;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>The boots that a journal knows of (journalctl --list-boots, -b): 0 is this one, -1 the one before it.</summary>
internal static class JournalBoots
{
    /// <summary>A boot by its offset, its number from the oldest (1, 2, …), or its ID; nothing means this one. Null: there is none.</summary>
    public static string? Find(Host host, string? text)
    {
        var boots = All(host);
        if (!int.TryParse(text ?? "0", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var offset))
        {
            return boots.Find(boot => Plain(boot) == text);
        }

        var index = offset > 0 ? offset - 1 : boots.Count - 1 + offset;
        return index >= 0 && index < boots.Count ? boots[index] : null;
    }

    public static string List(Host host)
    {
        var boots = All(host);
        var text = new StringBuilder("IDX BOOT ID                          FIRST ENTRY                 LAST ENTRY                 \n");
        for (var i = 0; i < boots.Count; i++)
        {
            var entries = host.Journal.Entries.Where(entry => entry.BootId == boots[i]).ToList();
            text.Append(CultureInfo.InvariantCulture, $"{i - boots.Count + 1,3} {Plain(boots[i])} {TimeWords.Stamp(entries[0].At)} {TimeWords.Stamp(entries[^1].At)}\n");
        }

        return text.ToString();
    }

    /// <summary>When a boot's first entry was written: the start of its kernel.</summary>
    public static DateTimeOffset StartOf(Host host, string bootId) => host.Journal.Entries.First(entry => entry.BootId == bootId).At;

    /// <summary>An ID without dashes, as systemd writes it.</summary>
    public static string Plain(string bootId) => bootId.Replace("-", "", StringComparison.Ordinal);

    // Nothing was written in this boot only where nothing runs; it is there all the same.
    private static List<string> All(Host host)
    {
        var boots = host.Journal.Entries.Select(entry => entry.BootId).Distinct().ToList();
        if (!boots.Contains(host.Machine.BootId))
        {
            boots.Add(host.Machine.BootId);
        }

        return boots;
    }
}
