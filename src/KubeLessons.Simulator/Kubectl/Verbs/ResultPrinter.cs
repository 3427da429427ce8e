using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Printing;

namespace KubeLessons.Simulator.Kubectl.Verbs;

/// <summary>Prints what became of an object: <c>pod/web created</c>, or the object itself with <c>-o</c>.</summary>
internal sealed class ResultPrinter
{
    private readonly Invocation _call;
    private readonly ObjectPrinter? _printer;
    private readonly string _suffix;

    private ResultPrinter(Invocation call, ObjectPrinter? printer, string suffix) => (_call, _printer, _suffix) = (call, printer, suffix);

    /// <summary>Reads <c>-o</c>; a wrong format fails the call, and null comes back.</summary>
    /// <param name="call">The call.</param>
    /// <param name="dryRun">Said after every outcome.</param>
    /// <param name="madeHere">The objects are kubectl's own and were not sent: JSON keeps their order of fields.</param>
    public static ResultPrinter? For(Invocation call, DryRun dryRun, bool madeHere = false)
    {
        var (format, error) = OutputFormat.Parse(call.Flags.TextOrEmpty("output"), columns: false);
        if (format is null)
        {
            call.Fail(error!);
            return null;
        }

        if (format.Name.Length == 0)
        {
            return new ResultPrinter(call, null, dryRun.Suffix());
        }

        if (format.Name == "json" && madeHere)
        {
            return new ResultPrinter(call, new MadeObjectJsonPrinter(), "");
        }

        (var printer, error) = format.MakePrinter(call);
        if (printer is null)
        {
            call.Fail(error!);
            return null;
        }

        return new ResultPrinter(call, printer, "");
    }

    public void Print(Doc value, string outcome)
    {
        if ((_printer ?? new NamePrinter(outcome + _suffix)).TryPrint(value, out var text, out var error))
        {
            _call.Out(text);
        }
        else
        {
            _call.Fail(error);
        }
    }
}
