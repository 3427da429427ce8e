using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Printing;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs.Get;

/// <summary><c>kubectl get -o json|yaml|name|…</c>: one object alone, several as a <c>List</c>.</summary>
internal sealed class GetObjects(Invocation call, ObjectQuery query, OutputFormat format)
{
    public IEnumerable<Wait> Run()
    {
        var (printer, error) = format.MakePrinter(call);
        if (printer is null)
        {
            call.Fail(error!);
            yield break;
        }

        var fetch = new ObjectFetch(call, query, call.Flags.Flag("ignore-not-found"));
        yield return Wait.Call(fetch.Run());
        var objects = fetch.Found.Select(found => found.Value).ToList();
        if (objects.Count == 0 && (fetch.Failures.Count > 0 || (!query.IsCollection && call.Flags.Flag("ignore-not-found"))))
        {
            call.Fail(fetch.Failures);
            yield break;
        }

        if (call.Flags.Text("sort-by") is { Length: > 0 } path)
        {
            (var sorted, error) = ObjectSort.Objects(objects, path);
            if (sorted is null)
            {
                call.Fail(error!);
                yield break;
            }

            objects = sorted;
        }

        var whole = query.IsSingle && objects.Count == 1 ? objects[0] : ListOf(objects);
        if (printer.TryPrint(whole, out var text, out error))
        {
            call.Out(text);
        }
        else
        {
            call.Fail(error);
        }

        call.Fail(fetch.Failures);
    }

    private static DocObject ListOf(List<Doc> objects) => Doc.Obj(
        ("apiVersion", "v1"),
        ("items", Doc.Arr(objects)),
        ("kind", "List"),
        ("metadata", Doc.Obj(("resourceVersion", ""))));
}
