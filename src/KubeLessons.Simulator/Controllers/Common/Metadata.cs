using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers;

/// <summary>An object's place: the key under which controllers queue it.</summary>
internal readonly record struct ObjectName(string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}

/// <summary>What every controller reads of an object's metadata.</summary>
internal static class Metadata
{
    public static string Name(this Doc self) => self.Text("metadata", "name") ?? "";

    public static string Namespace(this Doc self) => self.Text("metadata", "namespace") ?? "";

    public static string Uid(this Doc self) => self.Text("metadata", "uid") ?? "";

    public static ObjectName Key(this Doc self) => new(self.Namespace(), self.Name());

    public static long Generation(this Doc self) => self.Int("metadata", "generation") ?? 0;

    public static string? Label(this Doc self, string key) => self.At("metadata", "labels")?[key]?.AsText;

    public static string? Annotation(this Doc self, string key) => self.At("metadata", "annotations")?[key]?.AsText;

    public static bool IsBeingDeleted(this Doc self) => self.At("metadata", "deletionTimestamp") is { IsNull: false };

    public static DateTimeOffset CreatedAt(this Doc self) => Timestamps.Parse(self.Text("metadata", "creationTimestamp"));

    public static ImmutableArray<Doc> OwnerReferences(this Doc self) => self.List("metadata", "ownerReferences");

    /// <summary>The one owner that manages the object; null when it has none.</summary>
    public static Doc? ControllerReference(this Doc self)
    {
        foreach (var reference in self.OwnerReferences())
        {
            if (reference["controller"]?.AsBool == true)
            {
                return reference;
            }
        }

        return null;
    }

    public static bool IsControlledBy(this Doc self, Doc owner) => self.ControllerReference()?.Text("uid") == owner.Uid();

    public static bool HasFinalizer(this Doc self, string finalizer)
    {
        foreach (var item in self.List("metadata", "finalizers"))
        {
            if (item.AsText == finalizer)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The reference that an object carries to the one that manages it.</summary>
    public static Doc ReferenceTo(Doc owner, string apiVersion, string kind) => Doc.Obj(
        ("apiVersion", apiVersion),
        ("kind", kind),
        ("name", owner.Name()),
        ("uid", owner.Uid()),
        ("controller", true),
        ("blockOwnerDeletion", true));
}
