using System.Collections.Immutable;

namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>
/// The variables of one shell. A function's <c>local</c> hides a variable until the function returns; scoping is dynamic, as
/// the shell's is.
/// </summary>
internal sealed class VariableTable
{
    /// <summary>A variable may hold this many characters.</summary>
    public const int MaxLength = 1024 * 1024;

    private readonly Stack<Dictionary<string, ShellVariable?>> _hidden = new();
    private ImmutableDictionary<string, ShellVariable> _all = ImmutableDictionary<string, ShellVariable>.Empty;
    private ImmutableDictionary<string, string>? _environment;

    public IEnumerable<KeyValuePair<string, ShellVariable>> All => _all.OrderBy(entry => entry.Key, StringComparer.Ordinal);

    /// <summary>True while a function runs.</summary>
    public bool IsInFunction => _hidden.Count > 0;

    /// <summary>What a program is started with: the exported variables.</summary>
    public ImmutableDictionary<string, string> Environment => _environment ??= _all
        .Where(entry => entry.Value.IsExported && entry.Value.Scalar is not null)
        .ToImmutableDictionary(entry => entry.Key, entry => entry.Value.Scalar!);

    public ShellVariable? Find(string name) => _all.GetValueOrDefault(name);

    public string? Value(string name) => Find(name)?.Scalar;

    public void Put(string name, ShellVariable variable)
    {
        _all = _all.SetItem(name, variable);
        _environment = null;
    }

    public void Set(string name, string value) => Put(name, (Find(name) ?? new ShellVariable(value)).With(value));

    public void Export(string name, string value) => Put(name, (Find(name) ?? new ShellVariable(value)).With(value) with { IsExported = true });

    public void Remove(string name)
    {
        _all = _all.Remove(name);
        _environment = null;
    }

    public void EnterFunction() => _hidden.Push([]);

    public void LeaveFunction()
    {
        foreach (var (name, before) in _hidden.Pop())
        {
            Restore(name, before);
        }
    }

    /// <summary>Hides a variable until the function that runs now returns. False: no function runs.</summary>
    public bool Hide(string name)
    {
        if (!_hidden.TryPeek(out var hidden))
        {
            return false;
        }

        if (hidden.TryAdd(name, Find(name)))
        {
            Remove(name);
        }

        return true;
    }

    public void Restore(string name, ShellVariable? before)
    {
        if (before is null)
        {
            Remove(name);
        }
        else
        {
            Put(name, before);
        }
    }

    /// <summary>A copy for a subshell: what it changes stays there.</summary>
    public VariableTable Fork()
    {
        var fork = new VariableTable { _all = _all, _environment = _environment };
        foreach (var _ in _hidden)
        {
            fork._hidden.Push([]);
        }

        return fork;
    }
}
