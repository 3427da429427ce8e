using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Printing;

namespace KubeLessons.Simulator.Kubectl.Verbs.Get;

/// <summary>What a server answered to the wish for a table: a table, or objects, of which kubectl shows name and age.</summary>
internal static class ServerTable
{
    public static Doc Of(Doc answer, DateTimeOffset now)
    {
        if (answer.Text("kind") == "Table")
        {
            return answer;
        }

        var objects = answer.At("items") is DocArray items ? items.Items : [answer];
        return Doc.Obj(
            ("kind", "Table"),
            ("metadata", answer.At("metadata")),
            ("columnDefinitions", Doc.Arr(Doc.Obj(("name", "Name")), Doc.Obj(("name", "Age")))),
            ("rows", Doc.Arr(objects.Select(value => (Doc)Doc.Obj(
                ("cells", Doc.Arr(value.Text("metadata", "name") ?? "", HumanDuration.Since(value.Text("metadata", "creationTimestamp"), now))),
                ("object", value))))));
    }
}
