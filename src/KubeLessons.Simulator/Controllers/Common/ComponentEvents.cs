using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers;

/// <summary>The events of one controller about objects of known kinds.</summary>
internal sealed class ComponentEvents(ControllerContext context, string component)
{
    private readonly EventRecorder _recorder = new(context.Self, context.Client, component);

    /// <param name="involved">The object that the event is about; what is known of it, when it is gone.</param>
    /// <param name="kind">Its kind, such as <c>Pod</c>.</param>
    /// <param name="apiVersion">Its group and version, such as <c>v1</c>.</param>
    /// <param name="type">Normal or Warning.</param>
    /// <param name="reason">A word, such as <c>Scheduled</c>.</param>
    /// <param name="message">A sentence.</param>
    public void Record(Doc involved, string kind, string apiVersion, string type, string reason, string message) =>
        _recorder.Record(EventRecorder.Reference(involved.With(kind, "kind").With(apiVersion, "apiVersion")), type, reason, message);
}
