using KubeLessons.Simulator.Api.Clients;

namespace KubeLessons.Simulator.Kubectl.Verbs;

internal static class ReplyText
{
    /// <summary>The server's complaint alone; null when nobody answered.</summary>
    public static string? Message(this ApiReply reply) => reply.Response?.Message;
}
