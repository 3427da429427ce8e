namespace KubeLessons.Lessons.Parsing.Forms;

/// <summary>A choice of objects that stands alone.</summary>
internal static class SelectionForms
{
    /// <summary>The only row.</summary>
    public static FormTable<ResourceSelection> Table { get; } = new(new Form<ResourceSelection>("SELECTION", match => match.Selection()));
}
