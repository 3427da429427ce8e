using System.Collections.Frozen;

namespace KubeLessons.Simulator.Shell.Builtins;

/// <summary>What a builtin's usage line says, and which option letters it takes (null: it looks at its words itself).</summary>
internal sealed record BuiltinUsage(string? Letters, string Synopsis)
{
    private static readonly FrozenDictionary<string, BuiltinUsage> All = new Dictionary<string, BuiltinUsage>
    {
        ["."] = new("", "filename [arguments]"),
        ["alias"] = new("p", "[-p] [name[=value] ... ]"),
        ["bg"] = new("", "[job_spec ...]"),
        ["cd"] = new("LPe@", "[-L|[-P [-e]] [-@]] [dir]"),
        ["command"] = new("pVv", "[-pVv] command [arg ...]"),
        ["declare"] = new("aAfFgiIlnrtuxp", "[-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]"),
        ["disown"] = new("har", "[-h] [-ar] [jobspec ... | pid ...]"),
        ["eval"] = new("", "[arg ...]"),
        ["exec"] = new("cla", "[-cl] [-a name] [command [argument ...]] [redirection ...]"),
        ["export"] = new("fnp", "[-fn] [name[=value] ...] or export -p"),
        ["fg"] = new("", "[job_spec]"),
        ["getopts"] = new(null, "optstring name [arg ...]"),
        ["hash"] = new("lrpdt", "[-lr] [-p pathname] [-dt] [name ...]"),
        ["jobs"] = new("lnprsx", "[-lnprs] [jobspec ...] or jobs -x command [args]"),
        ["kill"] = new(null, "[-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]"),
        ["mapfile"] = new("dnOstuCc", "[-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]"),
        ["printf"] = new(null, "[-v var] format [arguments]"),
        ["pwd"] = new("LP", "[-LP]"),
        ["read"] = new(null, "[-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]"),
        ["readarray"] = new("dnOstuCc", "[-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]"),
        ["readonly"] = new("aAfp", "[-aAf] [name[=value] ...] or readonly -p"),
        ["set"] = new(null, "[-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]"),
        ["source"] = new("", "filename [arguments]"),
        ["trap"] = new("lp", "[-lp] [[arg] signal_spec ...]"),
        ["type"] = new("afptP", "[-afptP] name [name ...]"),
        ["typeset"] = new("aAfFgiIlnrtuxp", "[-aAfFgiIlnrtux] name[=value] ... or typeset -p [-aAfFilnrtux] [name ...]"),
        ["ulimit"] = new("SHabcdefiklmnpqrstuvxPRT", "[-SHabcdefiklmnpqrstuvxPRT] [limit]"),
        ["umask"] = new("pS", "[-p] [-S] [mode]"),
        ["unalias"] = new("a", "[-a] name [name ...]"),
        ["unset"] = new("fvn", "[-f] [-v] [-n] [name ...]"),
        ["wait"] = new("fnp", "[-fn] [-p var] [id ...]"),
    }.ToFrozenDictionary();

    public static BuiltinUsage? Of(string name) => All.GetValueOrDefault(name);

    /// <summary>An option among the words that the builtin does not have, with its dash; null: there is none.</summary>
    public static string? UnknownOption(BuiltinCall call)
    {
        if (Of(call.Name)?.Letters is not { } letters)
        {
            return null;
        }

        foreach (var word in call.Arguments)
        {
            if (word is not ['-', _, ..] || word == "--")
            {
                return null;
            }

            foreach (var letter in word.AsSpan(1))
            {
                if (!letters.Contains(letter))
                {
                    return "-" + letter;
                }
            }
        }

        return null;
    }
}
