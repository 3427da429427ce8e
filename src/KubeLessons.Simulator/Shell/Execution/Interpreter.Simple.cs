using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Builtins;
using KubeLessons.Simulator.Shell.Expansion;
using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell.Execution;

internal sealed partial class Interpreter
{
    /// <summary>Runs a command. <paramref name="becomesIt"/>: this process is a fork made for it and becomes the program.</summary>
    private IEnumerable<Wait> RunSimple(SimpleCommand command, bool becomesIt)
    {
        Line = command.At.Line;
        yield return Wait.For(CommandCost);
        var arguments = new List<string>();
        var statusBefore = State.Status;
        _captureStatus = 0;
        yield return Wait.Call(ExpandArguments(command, arguments));
        if (Flow != Flow.None)
        {
            yield break;
        }

        var before = Io;
        var opened = new OpenedFiles();
        yield return Wait.Call(Redirect(command.Redirects, opened));
        if (opened.Failed || Flow != Flow.None)
        {
            Io = before;
            State.Status = opened.Failed ? 1 : State.Status;
            yield break;
        }

        State.Status = statusBefore;
        if (arguments.Count == 0)
        {
            yield return Wait.Call(AssignAll(command.Assignments));
            State.Status = Flow == Flow.None ? _captureStatus : State.Status;
        }
        else
        {
            yield return Wait.Call(RunNamed(command, [.. arguments], becomesIt));
        }

        opened.Flush();
        Io = arguments is ["exec"] && !opened.Failed ? Io : before;
        if (arguments.Count > 0 && !becomesIt)
        {
            State.Variables.Set("_", arguments[^1]);
        }
    }

    /// <summary>Runs a command whose words are expanded, as <c>command</c>, <c>eval</c> and the like need it.</summary>
    public IEnumerable<Wait> RunWords(ImmutableArray<string> words, bool skipsFunctions) =>
        Dispatch(words, becomesIt: false, skipsFunctions);

    private IEnumerable<Wait> ExpandArguments(SimpleCommand command, List<string> arguments)
    {
        // The arguments of export, local and their kin are assignments: not split.
        if (command.Words is not [var name, ..] || !ScriptParser.Declares(name))
        {
            return Expander.Fields(command.Words, arguments);
        }

        return ExpandDeclaration(command.Words, arguments);
    }

    private IEnumerable<Wait> ExpandDeclaration(ImmutableArray<Word> words, List<string> arguments)
    {
        foreach (var word in words)
        {
            if (word.Assignment is not { } assignment)
            {
                yield return Wait.Call(Expander.Fields([word], arguments));
            }
            else if (assignment.Elements.IsDefault)
            {
                var value = new TextResult();
                yield return Wait.Call(Expander.Value(assignment.Value, value));
                arguments.Add(word.Source[..(word.Source.Length - assignment.Value.Source.Length)] + value.Text);
            }
            else
            {
                // The builtin declares the name; the elements follow when it has run.
                arguments.Add(assignment.Name);
            }

            if (Flow != Flow.None)
            {
                yield break;
            }
        }
    }

    private IEnumerable<Wait> AssignAll(ImmutableArray<Assignment> assignments)
    {
        foreach (var assignment in assignments)
        {
            yield return Wait.Call(AssignOne(assignment));
            if (Flow != Flow.None)
            {
                yield break;
            }
        }
    }

    private IEnumerable<Wait> RunNamed(SimpleCommand command, ImmutableArray<string> words, bool becomesIt)
    {
        // What stands before the command's name is set while it runs, and in its environment.
        var hidden = new List<(string Name, ShellVariable? Before)>();
        foreach (var assignment in command.Assignments)
        {
            hidden.Add((assignment.Name, State.Variables.Find(assignment.Name)));
            yield return Wait.Call(AssignOne(assignment));
            if (Flow != Flow.None)
            {
                break;
            }

            State.Variables.Put(assignment.Name, State.Variables.Find(assignment.Name)! with { IsExported = true });
        }

        Trace(() => string.Join(' ', words.Select(word => Quoting.Single(word))));
        if (Flow == Flow.None)
        {
            yield return Wait.Call(Dispatch(words, becomesIt, skipsFunctions: false));
            foreach (var word in command.Words.Where(word => word.Assignment is { Elements.IsDefault: false }))
            {
                yield return Wait.Call(AssignOne(word.Assignment!));
            }
        }

        hidden.Reverse();
        foreach (var (name, before) in hidden)
        {
            State.Variables.Restore(name, before);
        }
    }

    private IEnumerable<Wait> Dispatch(ImmutableArray<string> words, bool becomesIt, bool skipsFunctions)
    {
        if (!skipsFunctions && State.Functions.TryGetValue(words[0], out var function))
        {
            return RunFunction(function, words);
        }

        if (BuiltinTable.Find(words[0]) is { } builtin)
        {
            return RunBuiltin(builtin, words);
        }

        return RunProgram(words, becomesIt);
    }

    private IEnumerable<Wait> RunBuiltin(Builtin builtin, ImmutableArray<string> words)
    {
        var call = new BuiltinCall(this, words);
        if (BuiltinUsage.UnknownOption(call) is { } option)
        {
            call.FailOption(option);
        }
        else
        {
            yield return Wait.Call(builtin(call));
        }

        if (Flow is not (Flow.Abort or Flow.Exit or Flow.Return) || call.SetsStatus)
        {
            State.Status = call.Status;
        }

        // A builtin that writes where nobody reads any more dies of SIGPIPE, if it is alone in its process.
        if (Io.Out.IsBroken && call.HasWritten && IsFork)
        {
            State.Status = 128 + (int)ProcessSignal.Pipe;
            Flow = Flow.Exit;
        }
    }

    private IEnumerable<Wait> RunFunction(FunctionDefinition function, ImmutableArray<string> words)
    {
        if (State.CallDepth >= MaxCallDepth)
        {
            Abort($"{words[0]}: maximum function nesting level exceeded ({MaxCallDepth})", 1);
            yield break;
        }

        var (positional, loops) = (State.Positional, State.LoopDepth);
        State.Positional = words[1..];
        State.Calls = State.Calls.Push(words[0]);
        State.CallDepth++;
        State.LoopDepth = 0;
        State.Variables.EnterFunction();
        State.Status = 0;
        yield return Wait.Call(RunCommand(function.Body));
        Flow = Flow == Flow.Return ? Flow.None : Flow;
        State.Variables.LeaveFunction();
        State.LoopDepth = loops;
        State.CallDepth--;
        State.Calls = State.Calls.Pop();
        State.Positional = positional;
    }

    private IEnumerable<Wait> AssignOne(Assignment assignment)
    {
        if (!assignment.Elements.IsDefault)
        {
            yield return Wait.Call(AssignElements(assignment));
            yield break;
        }

        var (key, value) = (new TextResult(), new TextResult());
        if (assignment.Subscript is { } subscript)
        {
            yield return Wait.Call(Expander.Text(subscript, key));
        }

        if (Flow == Flow.None)
        {
            yield return Wait.Call(Expander.Value(assignment.Value, value));
        }

        if (Flow == Flow.None && Assign(assignment.Name, assignment.Subscript is null ? null : key.Text, value.Text, assignment.Appends))
        {
            Trace(() => $"{assignment.Name}{(assignment.Appends ? "+" : "")}={Quoting.Single(value.Text)}");
        }
    }

    private IEnumerable<Wait> AssignElements(Assignment assignment)
    {
        var variable = (State.Variables.Find(assignment.Name) ?? new ShellVariable((string?)null)).AsIndexed();
        if (variable.IsReadOnly)
        {
            Abort($"{assignment.Name}: readonly variable", 1);
            yield break;
        }

        if (!assignment.Appends)
        {
            variable = variable.Keyed is null
                ? variable with { Indexed = ImmutableSortedDictionary<long, string>.Empty }
                : variable with { Keyed = variable.Keyed.Clear() };
        }

        var elements = variable.Indexed?.ToBuilder();
        var next = elements is { Count: > 0 } ? elements.Keys.Last() + 1 : 0;
        foreach (var element in assignment.Elements)
        {
            var fields = new List<string>();
            var key = new TextResult();
            if (element.Key is { } keyWord)
            {
                var value = new TextResult();
                yield return Wait.Call(Expander.Text(keyWord, key));
                yield return Wait.Call(Expander.Text(element.Value, value));
                fields.Add(value.Text);
            }
            else
            {
                yield return Wait.Call(Expander.Fields([element.Value], fields));
            }

            if (Flow != Flow.None)
            {
                yield break;
            }

            if (variable.Keyed is { } keyed && element.Key is not null)
            {
                variable = variable with { Keyed = keyed.SetItem(key.Text, fields[0]) };
                continue;
            }

            if (elements is null)
            {
                // An element of an associative array needs its subscript; one without is not assigned.
                continue;
            }

            next = element.Key is not null && new ArithmeticScope(this).Index(variable, key.Text) is >= 0 and var index ? index : next;
            foreach (var field in fields)
            {
                elements[next++] = field;
            }
        }

        Trace(() => $"{assignment.Name}=({string.Join(' ', assignment.Elements.Select(element => element.Value.Source))})");
        State.Variables.Put(assignment.Name, elements is null ? variable : variable with { Indexed = elements.ToImmutable() });
        State.Status = 0;
    }

    private void Trace(Func<string> text)
    {
        if (State.Options.Traces && Flow == Flow.None)
        {
            // The first character stands for the depth of substitutions.
            var prefix = State.Variables.Value("PS4") ?? "+ ";
            Io.Err.Write((prefix.Length > 0 ? new string(prefix[0], State.CaptureDepth) : "") + prefix + text() + "\n");
        }
    }
}
