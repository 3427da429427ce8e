using System.Text;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl;

/// <summary>
/// Why something could not be done: the whole text for the error stream, worded as kubectl words it
/// (k8s.io/kubectl/pkg/cmd/util: StandardErrorMessage), without the line feed at its end.
/// </summary>
internal sealed record Failure(string Text, string Reason = "")
{
    public bool IsNotFound => Reason == "NotFound";

    /// <summary>kubectl's own complaint: <c>error: …</c>.</summary>
    public static Failure Of(string message) => new(message.StartsWith("error: ", StringComparison.Ordinal) ? message : "error: " + message);

    /// <summary>What became of a request.</summary>
    /// <param name="reply">An answer that is no success, or none at all.</param>
    /// <param name="server">The host and port that was asked.</param>
    /// <param name="source">Put before the server's words where kubectl names the file: <c>error when creating "x.yaml": </c>.</param>
    public static Failure Of(ApiReply reply, string server, string source = "")
    {
        if (reply.Response is not { } response)
        {
            return NoAnswer(reply.ConnectionError ?? "EOF", server, source);
        }

        var status = response.Body;
        var reason = status.Text("reason") ?? "";
        var message = status.Text("message") ?? "unknown";
        return reason switch
        {
            "Unauthorized" => new($"error: You must be logged in to the server ({source}{message})", reason),
            "Invalid" when source.Length == 0 || status.At("details") is not null => new(Invalid(status), reason),
            "" => new($"Error from server: {source}{message}", reason),
            _ => new($"Error from server ({reason}): {source}{message}", reason),
        };
    }

    private static Failure NoAnswer(string error, string server, string source)
    {
        if (source.Length > 0)
        {
            return new($"error: {source}{error}", "NoAnswer");
        }

        return new(
            error.Contains("connection refused", StringComparison.Ordinal)
                ? $"The connection to the server {server} was refused - did you specify the right host or port?"
                : $"Unable to connect to the server: {error}",
            "NoAnswer");
    }

    private static string Invalid(Doc status)
    {
        var details = status.At("details") ?? Doc.Empty;
        var text = new StringBuilder($"The {details.Text("kind")} \"{details.Text("name")}\" is invalid");
        var causes = details.List("causes");
        if (causes.IsEmpty)
        {
            return status.Text("message") is { Length: > 0 } message ? $"{text}: {message}" : text.ToString();
        }

        var lines = causes.Select(cause => $"{cause.Text("field")}: {cause.Text("message")}").ToList();
        return lines.Count == 1
            ? text.Append(": ").Append(lines[0]).ToString()
            : text.Append(": ").Append(string.Concat(lines.Select(line => "\n* " + line))).ToString();
    }
}
