using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Printing;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs.Get;

/// <summary><c>kubectl get</c> as a table: one request for each kind or name, printed in their order, failures last.</summary>
internal sealed class GetTables(Invocation call, ObjectQuery query, OutputFormat format)
{
    private readonly List<(KubeResource Resource, Doc Table)> _tables = [];
    private readonly List<Failure> _failures = [];

    public IEnumerable<Wait> Run()
    {
        foreach (var target in query.Targets)
        {
            var reply = call.Send(GetVerb.RequestFor(call, query, target, asTable: true));
            yield return Wait.For(reply.Takes);
            if (!reply.IsSuccess)
            {
                Note(reply);
                if (reply.Response is null)
                {
                    break;
                }

                continue;
            }

            _tables.Add((target.Resource, reply.Response!.Body));
        }

        if (call.Flags.Text("sort-by") is { Length: > 0 } path && !Sort(path))
        {
            yield break;
        }

        var wrote = false;
        var printer = new TablePrinter(GetVerb.TableOptionsOf(call, query, format));
        foreach (var (resource, table) in _tables)
        {
            var text = printer.Print(resource, ServerTable.Of(table, call.World.UtcNow));
            wrote |= text.Length > 0;
            call.Out(text);
            yield return Wait.Call(call.Drain());
        }

        if (!wrote && _failures.Count == 0 && !call.Flags.Flag("ignore-not-found"))
        {
            call.Err(NothingFound(call));
        }

        call.Fail(_failures);
    }

    /// <summary>What is said when nothing was found.</summary>
    public static string NothingFound(Invocation call) =>
        call.AllNamespaces ? "No resources found\n" : $"No resources found in {call.Namespace} namespace.\n";

    private void Note(ApiReply reply)
    {
        var failure = call.FailureOf(reply);
        if (!failure.IsNotFound || !call.Flags.Flag("ignore-not-found"))
        {
            _failures.Add(failure);
        }
    }

    private bool Sort(string path)
    {
        for (var i = 0; i < _tables.Count; i++)
        {
            var (sorted, error) = ObjectSort.Rows(_tables[i].Table, path);
            if (sorted is null)
            {
                call.Fail(error!);
                return false;
            }

            _tables[i] = (_tables[i].Resource, sorted);
        }

        return true;
    }
}
