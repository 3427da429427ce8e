using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>The expressions of <c>test</c> and <c>[</c>, and the operators that they share with <c>[[</c>.</summary>
internal sealed class TestExpression(Process process, Func<string, bool> isSet)
{
    private const int MaxDepth = 100;

    private ImmutableArray<string> _words;
    private int _at;
    private int _depth;

    /// <summary>What is wrong with the expression, in bash's words; null: nothing.</summary>
    public string? Fault { get; private set; }

    public static bool Compare(string @operator, long left, long right) => @operator switch
    {
        "-eq" => left == right,
        "-ne" => left != right,
        "-lt" => left < right,
        "-le" => left <= right,
        "-gt" => left > right,
        _ => left >= right,
    };

    /// <summary>Evaluates the words; POSIX decides by their number what they mean.</summary>
    public bool Evaluate(ImmutableArray<string> words)
    {
        switch (words)
        {
            case []:
                return false;
            case [var only]:
                return only.Length > 0;
            case ["!", var only]:
                return only.Length == 0;
            case [var unary, var operand]:
                if (Unary(unary, operand) is { } one)
                {
                    return one;
                }

                Fault = $"{unary}: unary operator expected";
                return false;
            case [var left, var binary, var right] when IsBinary(binary):
                return Binary(left, binary, right) ?? false;
            case ["!", .. var negated] when words.Length is 3 or 4:
                return !Evaluate(negated) && Fault is null;
            case ["(", var inner, ")"]:
                return inner.Length > 0;
            case [_, var middle, _] when middle is not ("-a" or "-o"):
                Fault = $"{middle}: binary operator expected";
                return false;
        }

        (_words, _at) = (words, 0);
        var result = Or();
        if (Fault is null && _at < _words.Length)
        {
            Fault = _words.Length - _at > 0 ? "too many arguments" : null;
        }

        return result && Fault is null;
    }

    /// <summary>A unary operator's result; null: there is no such operator.</summary>
    public bool? Unary(string @operator, string operand)
    {
        if (@operator is not ['-', var letter])
        {
            return null;
        }

        switch (letter)
        {
            case 'z':
                return operand.Length == 0;
            case 'n':
                return operand.Length > 0;
            case 'v':
                return isSet(operand);
            case 'o' or 'R':
                return false;
            case 't':
                return (operand switch { "0" => process.Input, "1" => process.Output, "2" => process.Error, _ => null })?.IsTerminal ?? false;
            case 'L' or 'h':
                return process.Files.FindNoFollow(PathAccess.Resolve(process, operand)) is { Kind: FileKind.Link };
        }

        if (!"abcdefgkprsuwxGNOS".Contains(letter))
        {
            return null;
        }

        var path = PathAccess.Resolve(process, operand);
        return operand.Length > 0 && process.Files.Find(path) is { } node
            ? IsSo(letter, node)
            : path == "/dev/null" && letter is 'a' or 'e' or 'c' or 'r' or 'w';
    }

    /// <summary>A binary operator's result; null, perhaps with a <see cref="Fault"/>, when it has none.</summary>
    public bool? Binary(string left, string @operator, string right)
    {
        switch (@operator)
        {
            case "=" or "==":
                return left == right;
            case "!=":
                return left != right;
            case "<":
                return string.CompareOrdinal(left, right) < 0;
            case ">":
                return string.CompareOrdinal(left, right) > 0;
            case "-nt" or "-ot":
                var (a, b) = (Modified(left), Modified(right));
                return @operator == "-nt" ? a is not null && (b is null || a > b) : b is not null && (a is null || a < b);
            case "-ef":
                return PathAccess.Resolve(process, left) == PathAccess.Resolve(process, right) && process.Files.Exists(PathAccess.Resolve(process, left));
            case "-a":
                return left.Length > 0 && right.Length > 0;
            case "-o":
                return left.Length > 0 || right.Length > 0;
            case "-eq" or "-ne" or "-lt" or "-le" or "-gt" or "-ge":
                foreach (var text in (ReadOnlySpan<string>)[left, right])
                {
                    if (!long.TryParse(text.Trim(), System.Globalization.NumberStyles.AllowLeadingSign, null, out _))
                    {
                        Fault ??= $"{text}: integer expression expected";
                        return null;
                    }
                }

                return Compare(@operator, long.Parse(left.Trim()), long.Parse(right.Trim()));
            default:
                return null;
        }
    }

    private static bool IsBinary(string word) =>
        word is "=" or "==" or "!=" or "<" or ">" or "-eq" or "-ne" or "-lt" or "-le" or "-gt" or "-ge" or "-nt" or "-ot" or "-ef" or "-a" or "-o";

    private bool IsSo(char letter, FileNode node) => letter switch
    {
        'f' => node.Kind == FileKind.File,
        'd' => node.Kind == FileKind.Directory,
        's' => node.Kind == FileKind.Directory || node.Content.Length > 0,
        'r' => PathAccess.Allows(process, node, 4),
        'w' => PathAccess.Allows(process, node, 2),
        'x' => PathAccess.Allows(process, node, 1),
        'O' or 'G' => node.Owner == process.Start.User,
        'a' or 'e' => true,
        'k' => (node.Mode & 0b001_000_000_000) != 0,
        'g' => (node.Mode & 0b010_000_000_000) != 0,
        'u' => (node.Mode & 0b100_000_000_000) != 0,
        _ => false,
    };

    private DateTimeOffset? Modified(string path) => process.Files.Find(PathAccess.Resolve(process, path))?.Modified;

    private bool Or()
    {
        var result = And();
        while (Fault is null && _at < _words.Length && _words[_at] == "-o")
        {
            _at++;
            result |= And();
        }

        return result;
    }

    private bool And()
    {
        var result = Primary();
        while (Fault is null && _at < _words.Length && _words[_at] == "-a")
        {
            _at++;
            result &= Primary();
        }

        return result;
    }

    private bool Primary()
    {
        if (_at >= _words.Length || ++_depth > MaxDepth)
        {
            Fault ??= "argument expected";
            return false;
        }

        var result = One();
        _depth--;
        return result;
    }

    private bool One()
    {
        var word = _words[_at];
        if (_at + 2 < _words.Length && IsBinary(_words[_at + 1]) && _words[_at + 1] is not ("-a" or "-o"))
        {
            _at += 3;
            return Binary(word, _words[_at - 2], _words[_at - 1]) ?? false;
        }

        _at++;
        if (word == "!")
        {
            return !Primary();
        }

        if (word == "(")
        {
            var inner = Or();
            if (_at >= _words.Length || _words[_at++] != ")")
            {
                Fault ??= "`)' expected";
            }

            return inner;
        }

        if (_at < _words.Length && word is ['-', _] && _words[_at] is not ("-a" or "-o") && Unary(word, _words[_at]) is { } result)
        {
            _at++;
            return result;
        }

        return word.Length > 0;
    }
}
