using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Printing;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Verbs.Get;

/// <summary><c>kubectl get -w</c>: what is there now, then a line for every change, until somebody interrupts it.</summary>
internal sealed class GetWatch(Invocation call, ObjectQuery query, OutputFormat format)
{
    private TablePrinter? _tables;
    private ObjectPrinter? _objects;

    public IEnumerable<Wait> Run()
    {
        if (query.Targets.Length != 1)
        {
            call.Fail("you may only specify a single resource type");
            yield break;
        }

        if (format.IsTable)
        {
            _tables = new TablePrinter(GetVerb.TableOptionsOf(call, query, format));
        }
        else
        {
            (_objects, var error) = format.MakePrinter(call);
            if (error is not null)
            {
                call.Fail(error);
                yield break;
            }
        }

        yield return Wait.Call(ListAndWatch(query.Targets[0]));
    }

    private IEnumerable<Wait> ListAndWatch(Target target)
    {
        var list = GetVerb.RequestFor(call, query, target, format.IsTable);
        var reply = call.Send(list);
        yield return Wait.For(reply.Takes);
        if (!reply.IsSuccess)
        {
            call.Fail(reply);
            yield break;
        }

        var found = reply.Response!.Body;
        if (!call.Flags.Flag("watch-only") && !Show(target, found, "ADDED"))
        {
            yield break;
        }

        var stream = new WatchStream(call, WatchRequest(list, found));
        while (true)
        {
            yield return Wait.Call(stream.Next());
            if (stream.Current is not { } happened)
            {
                stream.ReportEnd();
                yield break;
            }

            if (!Show(target, happened.Object, happened.Type))
            {
                yield break;
            }

            yield return Wait.Call(call.Drain());
        }
    }

    private static ApiRequest WatchRequest(ApiRequest list, Doc found) => list with
    {
        Verb = ApiVerb.Watch,
        Name = "",
        Options = list.Options with
        {
            ResourceVersion = found.Text("metadata", "resourceVersion") ?? RowVersion(found),
            FieldSelector = list.Name.Length > 0 ? "metadata.name=" + list.Name : list.Options.FieldSelector,
        },
    };

    private static string? RowVersion(Doc table) =>
        table.List("rows") is [var row, ..] ? row.Text("object", "metadata", "resourceVersion") : null;

    private bool Show(Target target, Doc value, string type)
    {
        if (_tables is { } tables)
        {
            call.Out(tables.Print(target.Resource, WithEvent(ServerTable.Of(value, call.World.UtcNow), type)));
            return true;
        }

        foreach (var item in value.At("items") is DocArray items ? items.Items : [value])
        {
            var whole = item.Text("kind") is null ? item.With(target.Resource.Kind, "kind").With(target.Resource.ApiVersion, "apiVersion") : item;
            var shown = call.Flags.Flag("output-watch-events") ? Doc.Obj(("type", type), ("object", whole)) : whole;
            if (!_objects!.TryPrint(shown, out var text, out var error))
            {
                call.Fail(error);
                return false;
            }

            call.Out(text);
        }

        return true;
    }

    private Doc WithEvent(Doc table, string type) => !call.Flags.Flag("output-watch-events") ? table : table
        .With(Doc.Arr([Doc.Obj(("name", "Event")), .. table.List("columnDefinitions")]), "columnDefinitions")
        .With(Doc.Arr(table.List("rows").Select(row => row.With(Doc.Arr([type, .. row.List("cells")]), "cells"))), "rows");
}
