using System.Numerics;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary><c>expr</c>: 0 when the result is neither empty nor 0, 1 when it is, 2 for a faulty expression.</summary>
internal static class Expr
{
    public static IEnumerable<Wait> Main(Process self)
    {
        var words = self.Arguments.ToArray();
        if (words.Length == 0)
        {
            new CommandContext(self, "expr").Usage("missing operand", 2);
            yield break;
        }

        var expression = new Expression(words);
        var result = expression.Run();
        if (expression.Fault is { } fault)
        {
            self.Error.Write($"expr: {fault}\n");
            self.Exit(2);
            yield break;
        }

        self.Output.WriteLine(result);
        self.Exit(Expression.IsNull(result) ? 1 : 0);
    }

    private sealed class Expression(string[] words)
    {
        private const int MaxNesting = 100;

        private int _at;
        private int _nesting;

        public string? Fault { get; private set; }

        public string Run()
        {
            var result = Or();
            if (_at < words.Length)
            {
                Fault ??= $"syntax error: unexpected argument ‘{words[_at]}’";
            }

            return result;
        }

        public static bool IsNull(string text) => text.Length == 0 || text.TrimStart('-').All(c => c == '0') && text != "-";

        private bool Take(string symbol, out string taken)
        {
            taken = symbol;
            if (_at < words.Length && words[_at] == symbol && Fault is null)
            {
                _at++;
                return true;
            }

            return false;
        }

        private bool TakeAny(out string symbol, params ReadOnlySpan<string> symbols)
        {
            foreach (var candidate in symbols)
            {
                if (Take(candidate, out symbol))
                {
                    return true;
                }
            }

            symbol = "";
            return false;
        }

        private string Or()
        {
            var left = And();
            while (Take("|", out _))
            {
                var right = And();
                left = !IsNull(left) ? left : IsNull(right) ? "0" : right;
            }

            return left;
        }

        private string And()
        {
            var left = Compare();
            while (Take("&", out _))
            {
                var right = Compare();
                left = IsNull(left) || IsNull(right) ? "0" : left;
            }

            return left;
        }

        private string Compare()
        {
            var left = Sum();
            while (TakeAny(out var symbol, "<=", ">=", "!=", "==", "=", "<", ">"))
            {
                var right = Sum();
                var order = BigInteger.TryParse(left, out var a) && BigInteger.TryParse(right, out var b) ? a.CompareTo(b) : string.CompareOrdinal(left, right);
                var holds = symbol switch { "<=" => order <= 0, ">=" => order >= 0, "!=" => order != 0, "<" => order < 0, ">" => order > 0, _ => order == 0 };
                left = holds ? "1" : "0";
            }

            return left;
        }

        private string Sum()
        {
            var left = Product();
            while (TakeAny(out var symbol, "+", "-"))
            {
                left = Calculate(symbol, left, Product());
            }

            return left;
        }

        private string Product()
        {
            var left = Match();
            while (TakeAny(out var symbol, "*", "/", "%"))
            {
                left = Calculate(symbol, left, Match());
            }

            return left;
        }

        private string Calculate(string symbol, string left, string right)
        {
            if (left.Length > 1000 || right.Length > 1000 || !BigInteger.TryParse(left, out var a) || !BigInteger.TryParse(right, out var b))
            {
                Fault ??= "non-integer argument";
                return "";
            }

            if (symbol is "/" or "%" && b.IsZero)
            {
                Fault ??= "division by zero";
                return "";
            }

            return (symbol switch { "+" => a + b, "-" => a - b, "*" => a * b, "/" => BigInteger.Divide(a, b), _ => BigInteger.Remainder(a, b) }).ToString();
        }

        private string Match()
        {
            var left = Primary();
            while (Take(":", out _))
            {
                left = MatchText(left, Primary());
            }

            return left;
        }

        private string MatchText(string text, string pattern)
        {
            var regex = PosixRegex.Compile(pattern.StartsWith('^') ? pattern : "^" + pattern, extended: false, ignoresCase: false, out var fault);
            if (regex is null)
            {
                Fault ??= fault;
                return "";
            }

            var match = PosixRegex.MatchAt(regex, text, 0);
            return match.Groups.Count > 1 ? match.Groups[1].Value : match.Success ? match.Length.ToString() : "0";
        }

        private string Primary()
        {
            if (_at >= words.Length || ++_nesting > MaxNesting)
            {
                Fault ??= $"syntax error: missing argument after ‘{words[^1]}’";
                return "";
            }

            var word = words[_at++];
            var result = word;
            switch (word)
            {
                case "(":
                    result = Or();
                    if (!Take(")", out _))
                    {
                        Fault ??= _at < words.Length ? $"syntax error: expecting ')' instead of ‘{words[_at]}’" : $"syntax error: expecting ')' after ‘{words[^1]}’";
                    }

                    break;
                case "length" when _at < words.Length:
                    result = Primary().Length.ToString();
                    break;
                case "match" when _at + 1 < words.Length:
                    result = MatchText(Primary(), Primary());
                    break;
                case "index" when _at + 1 < words.Length:
                    var (text, letters) = (Primary(), Primary());
                    result = (text.IndexOfAny(letters.ToCharArray()) + 1).ToString();
                    break;
                case "substr" when _at + 2 < words.Length:
                    result = Substring(Primary(), Primary(), Primary());
                    break;
                case "+" when _at < words.Length:
                    result = words[_at++];
                    break;
            }

            _nesting--;
            return result;
        }

        private static string Substring(string text, string from, string count)
        {
            if (!int.TryParse(from, out var start) || !int.TryParse(count, out var length) || start < 1 || length < 1 || start > text.Length)
            {
                return "";
            }

            return text.Substring(start - 1, Math.Min(length, text.Length - start + 1));
        }
    }
}
