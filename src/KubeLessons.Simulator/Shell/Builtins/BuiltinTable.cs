using System.Collections.Frozen;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Builtins;

/// <summary>The shell's builtins by name.</summary>
internal static class BuiltinTable
{
    private static readonly FrozenDictionary<string, Builtin> All = new Dictionary<string, Builtin>
    {
        [":"] = Sync(_ => { }),
        ["true"] = Sync(_ => { }),
        ["false"] = Sync(call => call.Status = 1),
        ["echo"] = Sync(TextBuiltins.Echo),
        ["printf"] = Sync(TextBuiltins.Printf),
        ["test"] = Sync(TextBuiltins.Test),
        ["["] = Sync(TextBuiltins.Test),
        ["let"] = Sync(TextBuiltins.Let),
        ["read"] = ReadBuiltin.Run,
        ["mapfile"] = MapfileBuiltin.Run,
        ["readarray"] = MapfileBuiltin.Run,
        ["cd"] = Sync(DirectoryBuiltins.Change),
        ["pwd"] = Sync(DirectoryBuiltins.Print),
        ["pushd"] = Sync(DirectoryBuiltins.Push),
        ["popd"] = Sync(DirectoryBuiltins.Pop),
        ["dirs"] = Sync(DirectoryBuiltins.List),
        ["export"] = Sync(VariableBuiltins.Export),
        ["readonly"] = Sync(VariableBuiltins.ReadOnly),
        ["declare"] = Sync(VariableBuiltins.Declare),
        ["typeset"] = Sync(VariableBuiltins.Declare),
        ["local"] = Sync(VariableBuiltins.Local),
        ["unset"] = Sync(VariableBuiltins.Unset),
        ["shift"] = Sync(VariableBuiltins.Shift),
        ["getopts"] = Sync(GetoptsBuiltin.Run),
        ["set"] = Sync(OptionBuiltins.Set),
        ["shopt"] = Sync(OptionBuiltins.Shopt),
        ["umask"] = Sync(OptionBuiltins.Umask),
        ["ulimit"] = Sync(OptionBuiltins.Ulimit),
        ["exit"] = Sync(FlowBuiltins.Exit),
        ["logout"] = Sync(FlowBuiltins.Exit),
        ["return"] = Sync(FlowBuiltins.Return),
        ["break"] = Sync(FlowBuiltins.Break),
        ["continue"] = Sync(FlowBuiltins.Continue),
        ["eval"] = FlowBuiltins.Eval,
        ["source"] = FlowBuiltins.Source,
        ["."] = FlowBuiltins.Source,
        ["exec"] = FlowBuiltins.Exec,
        ["command"] = LookupBuiltins.Command,
        ["builtin"] = LookupBuiltins.BuiltinOnly,
        ["type"] = Sync(LookupBuiltins.Type),
        ["alias"] = Sync(LookupBuiltins.Alias),
        ["unalias"] = Sync(LookupBuiltins.Unalias),
        ["hash"] = Sync(_ => { }),
        ["history"] = Sync(_ => { }),
        ["enable"] = Sync(_ => { }),
        ["times"] = Sync(call => call.Write("0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n")),
        ["trap"] = Sync(JobBuiltins.Trap),
        ["jobs"] = Sync(JobBuiltins.Jobs),
        ["kill"] = Sync(JobBuiltins.Kill),
        ["bg"] = Sync(JobBuiltins.Background),
        ["disown"] = Sync(JobBuiltins.Disown),
        ["fg"] = JobBuiltins.Foreground,
        ["wait"] = JobBuiltins.Wait,
    }.ToFrozenDictionary();

    public static Builtin? Find(string name) => All.GetValueOrDefault(name);

    private static Builtin Sync(Action<BuiltinCall> run) => call =>
    {
        run(call);
        return [];
    };
}
