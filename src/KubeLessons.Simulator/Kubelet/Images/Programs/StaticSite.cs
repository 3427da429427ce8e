using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet.Images.Programs;

/// <summary>Files behind a URL path, as a web server finds them.</summary>
internal static class StaticSite
{
    /// <summary>The file that a request's path names below a root; a directory's is its index. Null when there is none.</summary>
    public static (string Path, string Content)? Find(FileSystem files, string root, string urlPath, string index = "index.html")
    {
        var inside = FileSystem.Resolve("/", urlPath.Contains('%') ? Uri.UnescapeDataString(urlPath) : urlPath);
        var path = FileSystem.Resolve("/", inside == "/" ? root : root + inside);
        if (files.IsDirectory(path))
        {
            path = FileSystem.Resolve(path, index);
        }

        return files.Read(path) is { } content ? (path, content) : null;
    }

    public static string ContentType(string path) => path[(path.LastIndexOf('.') + 1)..] switch
    {
        "html" or "htm" => "text/html",
        "css" => "text/css",
        "js" => "application/javascript",
        "json" => "application/json",
        "txt" => "text/plain",
        "svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };

    /// <summary>The time as HTTP headers write it (RFC 9110, IMF-fixdate).</summary>
    public static string Date(DateTimeOffset time) => time.ToString("r", null);

    /// <summary>The time as access logs write it.</summary>
    /// <remarks>Written by hand, because a server that is probed writes it for each probe.</remarks>
    public static string LogDate(DateTimeOffset time) => string.Create("22/Nov/2026:10:20:30 +0000".Length, time, static (text, time) =>
    {
        const string Months = "JanFebMarAprMayJunJulAugSepOctNovDec";
        "00/   /0000:00:00:00 +0000".CopyTo(text);
        Digits(text, 0, time.Day);
        Months.AsSpan((time.Month - 1) * 3, 3).CopyTo(text[3..]);
        Digits(text, 7, time.Year / 100);
        Digits(text, 9, time.Year % 100);
        Digits(text, 12, time.Hour);
        Digits(text, 15, time.Minute);
        Digits(text, 18, time.Second);
    });

    private static void Digits(Span<char> text, int at, int number) => (text[at], text[at + 1]) = ((char)('0' + (number / 10)), (char)('0' + (number % 10)));
}
