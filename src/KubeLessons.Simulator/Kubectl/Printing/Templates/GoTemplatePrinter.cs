using System.Diagnostics.CodeAnalysis;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Printing.Templates;

/// <summary><c>-o go-template=…</c>.</summary>
internal sealed class GoTemplatePrinter : ObjectPrinter
{
    public static (ObjectPrinter? Printer, string? Error) Make(string source) => (new GoTemplatePrinter(), null);

    public override bool TryPrint(Doc value, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error)
    {
        (text, error) = (null, "go templates are not supported yet");
        return false;
    }
}
