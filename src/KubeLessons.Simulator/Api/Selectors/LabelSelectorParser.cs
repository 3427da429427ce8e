using System.Collections.Immutable;
using KubeLessons.Simulator.Api.Kinds;

namespace KubeLessons.Simulator.Api.Selectors;

/// <summary>Reads a label selector's text; the grammar and the faults are those of k8s.io/apimachinery/pkg/labels.</summary>
internal sealed class LabelSelectorParser
{
    private readonly List<string> _tokens = [];
    private int _at;

    public LabelSelectorParser(string text) => Tokenize(text);

    private string Next => _at < _tokens.Count ? _tokens[_at] : "";

    public LabelSelector? Parse(out string? fault)
    {
        var requirements = ImmutableArray.CreateBuilder<LabelSelector.Requirement>();
        while (true)
        {
            if (ParseRequirement(out fault) is not { } requirement)
            {
                return null;
            }

            requirements.Add(requirement);
            switch (Next)
            {
                case "":
                    return LabelSelector.Of(requirements.ToImmutable());
                case ",":
                    _at++;
                    if (Next is "" or ",")
                    {
                        fault = $"found '{Next}', expected: identifier after ','";
                        return null;
                    }

                    break;
                default:
                    fault = $"found '{Next}', expected: ',' or 'end of string'";
                    return null;
            }
        }
    }

    private LabelSelector.Requirement? ParseRequirement(out string? fault)
    {
        var negated = Next == "!";
        if (negated)
        {
            _at++;
        }

        var key = Next;
        if (key.Length == 0 || IsSpecial(key[0]))
        {
            fault = $"unable to parse requirement: found '{key}', expected: {(negated ? "identifier" : "!, identifier, or 'end of string'")}";
            return null;
        }

        _at++;
        fault = Names.QualifiedName(key) is { } wrong ? $"unable to parse requirement: <nil>: Invalid value: {GoText.Quote(key)}: {wrong}" : null;
        if (fault is not null)
        {
            return null;
        }

        if (negated || Next is "" or ",")
        {
            return new(key, negated ? LabelOperator.DoesNotExist : LabelOperator.Exists, []);
        }

        return ParseOperator(key, out fault);
    }

    private LabelSelector.Requirement? ParseOperator(string key, out string? fault)
    {
        var operation = Next;
        _at++;
        switch (operation)
        {
            case "in" or "notin":
                return ParseSet(out fault) is { } values
                    ? new(key, operation == "in" ? LabelOperator.In : LabelOperator.NotIn, values)
                    : null;
            case "=" or "==" or "!=" or ">" or "<":
                var value = "";
                if (Next is not ("" or ","))
                {
                    value = Next;
                    _at++;
                }

                fault = FaultOf(key, operation, value);
                return fault is not null ? null : new(key, OperatorOf(operation), [value]) { IsEquality = operation is "=" or "==" or "!=" };
            default:
                fault = $"unable to parse requirement: found '{operation}', expected: in, notin, =, ==, !=, gt, lt";
                return null;
        }
    }

    private static string? FaultOf(string key, string operation, string value)
    {
        if (operation is ">" or "<" && !long.TryParse(value, out _))
        {
            return $"values[0][{key}]: Invalid value: {GoText.Quote(value)}: for 'Gt', 'Lt' operators, the value must be an integer";
        }

        return Names.LabelValue(value) is { } wrong ? $"unable to parse requirement: values[0][{key}]: Invalid value: {GoText.Quote(value)}: {wrong}" : null;
    }

    private static LabelOperator OperatorOf(string operation) => operation switch
    {
        "!=" => LabelOperator.NotIn,
        ">" => LabelOperator.GreaterThan,
        "<" => LabelOperator.LessThan,
        _ => LabelOperator.In,
    };

    private ImmutableArray<string>? ParseSet(out string? fault)
    {
        if (Next != "(")
        {
            fault = $"unable to parse requirement: found '{Next}' expected: '('";
            return null;
        }

        _at++;
        var values = ImmutableArray.CreateBuilder<string>();
        var expectsValue = true;
        while (Next is not (")" or ""))
        {
            if (Next == ",")
            {
                if (expectsValue)
                {
                    values.Add("");
                }

                expectsValue = true;
            }
            else
            {
                values.Add(Next);
                expectsValue = false;
            }

            _at++;
        }

        fault = Next == ")" ? null : "unable to parse requirement: found '', expected: ',' or ')'";
        _at++;
        return fault is null ? values.ToImmutable() : null;
    }

    private static bool IsSpecial(char letter) => letter is '=' or '!' or '(' or ')' or ',' or '<' or '>';

    private void Tokenize(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            var from = at;
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            if (!IsSpecial(text[at]))
            {
                while (at < text.Length && !IsSpecial(text[at]) && !char.IsWhiteSpace(text[at]))
                {
                    at++;
                }
            }
            else
            {
                at += text.AsSpan(at).StartsWith("==") || text.AsSpan(at).StartsWith("!=") ? 2 : 1;
            }

            _tokens.Add(text[from..at]);
        }
    }
}
