using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet.Images.Programs;

/// <summary>Files behind a URL path, as a web server finds them.</summary>
internal static class StaticSite
{
    /// <summary>The file that a request's path names below a root; a directory's is its index. Null when there is none.</summary>
    public static (string Path, string Content)? Find(FileSystem files, string root, string urlPath, string index = "index.html")
    {
        var path = FileSystem.Resolve(root, "." + FileSystem.Resolve("/", Uri.UnescapeDataString(urlPath)));
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
    public static string Date(DateTimeOffset time) => time.ToString("ddd, dd MMM yyyy HH:mm:ss 'GMT'", null);

    /// <summary>The time as access logs write it.</summary>
    public static string LogDate(DateTimeOffset time) => time.ToString("dd/MMM/yyyy:HH:mm:ss +0000", null);
}
