using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers;

/// <summary>The list of conditions in an object's status.</summary>
internal static class Conditions
{
    public static Doc? Find(Doc self, string type) => FindIn(self.At("status", "conditions"), type);

    public static Doc? FindIn(Doc? conditions, string type)
    {
        foreach (var condition in conditions?.Items ?? [])
        {
            if (condition.Text("type") == type)
            {
                return condition;
            }
        }

        return null;
    }

    /// <summary>The list with one condition in the place of the one of its type, or at the end when there is none.</summary>
    public static Doc Replace(Doc? conditions, Doc condition)
    {
        var type = condition.Text("type");
        var items = new List<Doc>();
        var found = false;
        foreach (var item in conditions?.Items ?? [])
        {
            var isIt = item.Text("type") == type;
            found |= isIt;
            items.Add(isIt ? condition : item);
        }

        if (!found)
        {
            items.Add(condition);
        }

        return Doc.Arr(items);
    }

    /// <summary>The list without the condition of this type, and with the new one at its end.</summary>
    public static Doc MoveToEnd(Doc? conditions, Doc condition) =>
        Doc.Arr((Without(conditions, condition.Text("type")!)?.Items ?? []).Add(condition));

    public static Doc? Without(Doc? conditions, string type) =>
        conditions is null ? null : Doc.Arr(conditions.Items.Where(item => item.Text("type") != type));
}
