using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary><c>seq</c>: numbers from one to another.</summary>
internal static class Seq
{
    public static IEnumerable<Wait> Main(Process self)
    {
        var command = new CommandContext(self, "seq");
        var words = command.Arguments;
        var (separator, padded, format) = ("\n", false, (string?)null);
        var at = 0;
        for (; at < words.Length && words[at] is ['-', not ('.' or (>= '0' and <= '9')), ..]; at++)
        {
            switch (words[at])
            {
                case "-w" or "--equal-width":
                    padded = true;
                    break;
                case "-s" or "-f" when at + 1 < words.Length:
                    (separator, format) = words[at] == "-s" ? (words[at + 1], format) : (separator, words[at + 1]);
                    at++;
                    break;
                case ['-', 's', .. var given]:
                    separator = given;
                    break;
                case ['-', 'f', .. var given]:
                    format = given;
                    break;
                default:
                    command.Usage(words[at].StartsWith("--", StringComparison.Ordinal) ? $"unrecognized option '{words[at]}'" : $"invalid option -- '{words[at][1]}'");
                    yield break;
            }
        }

        var operands = words[at..];
        if (operands.Length is 0 or > 3)
        {
            command.Usage(operands.Length == 0 ? "missing operand" : $"extra operand ‘{operands[3]}’");
            yield break;
        }

        var numbers = new decimal[operands.Length];
        for (var i = 0; i < operands.Length; i++)
        {
            if (!decimal.TryParse(operands[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
            {
                command.Usage($"invalid floating point argument: ‘{operands[i]}’");
                yield break;
            }
        }

        var (first, step, last) = numbers switch { [var end] => (1m, 1m, end), [var start, var end] => (start, 1m, end), _ => (numbers[0], numbers[1], numbers[2]) };
        if (step == 0)
        {
            command.Usage($"invalid Zero increment value: ‘{operands[1]}’");
            yield break;
        }

        var decimals = operands.Length == 1 ? 0 : operands[..^1].Max(operand => operand.IndexOf('.') is >= 0 and var point ? operand.Length - point - 1 : 0);
        var width = padded ? Math.Max(Text(first, decimals).Length, Text(last, decimals).Length) : 0;
        yield return Wait.Call(Write(command, first, step, last, number => format is not null ? Formatted(format, number) : Padded(Text(number, decimals), width), separator));
    }

    private static IEnumerable<Wait> Write(CommandContext command, decimal first, decimal step, decimal last, Func<decimal, string> text, string separator)
    {
        var piece = new StringBuilder();
        var isFirst = true;
        for (var number = first; step > 0 ? number <= last : number >= last; number += step)
        {
            piece.Append(isFirst ? "" : separator).Append(text(number));
            isFirst = false;
            if (piece.Length > 8192)
            {
                command.Write(piece.ToString());
                piece.Clear();
                yield return Wait.Call(command.Room());
                yield return Wait.For(CommandContext.PieceCost);
            }

            if (Math.Abs(number) > 1e27m)
            {
                break;
            }
        }

        command.Write(isFirst ? "" : piece + "\n");
        yield return Wait.Call(command.Room());
    }

    private static string Text(decimal number, int decimals) => number.ToString("F" + decimals, CultureInfo.InvariantCulture);

    private static string Formatted(string format, decimal number) => Awk.AwkFormat.Format(format, [Awk.AwkValue.Of((double)number)]);

    private static string Padded(string text, int width) => text.StartsWith('-') ? "-" + text[1..].PadLeft(Math.Max(0, width - 1), '0') : text.PadLeft(width, '0');
}
