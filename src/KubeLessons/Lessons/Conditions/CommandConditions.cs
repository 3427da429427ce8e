namespace KubeLessons.Lessons;

/// <summary><c>exit=N</c> or <c>exit!=N</c>: the exit code of the check's step.</summary>
public sealed record ExitCondition(ConditionSource Source, Comparison Comparison, int Code) : Condition(Source);

/// <summary><c>output contains TEXT</c>: what the check's step printed holds the text.</summary>
public sealed record OutputContainsCondition(ConditionSource Source, string Content) : Condition(Source);

/// <summary><c>output matches /RE/</c>: the regular expression (without look-around or back-references) is found in it; <c>^</c> and <c>$</c> are a line's ends.</summary>
public sealed record OutputMatchesCondition(ConditionSource Source, string Pattern) : Condition(Source);

/// <summary><c>output row NAME=~RE has STATUS=Running</c>: of the printed table, some row chosen by the first cell test passes the second.</summary>
public sealed record OutputRowCondition(ConditionSource Source, CellTest Row, CellTest Has) : Condition(Source);

/// <summary>A test of one cell of a printed table.</summary>
/// <param name="Column">The column's heading, e.g. <c>STATUS</c> or <c>NOMINATED NODE</c>.</param>
/// <param name="Comparison">Equal, not equal or matches.</param>
/// <param name="Value">The value or the regular expression.</param>
public sealed record CellTest(string Column, Comparison Comparison, string Value);

/// <summary><c>{sh: COMMAND, on: NODE}</c>: the command exits 0. Variables are the shell's own; nothing is substituted in it.</summary>
/// <param name="Source">The author's words.</param>
/// <param name="Command">The shell text.</param>
/// <param name="On">The node, or null for where the check's step ran.</param>
public sealed record ShellCondition(ConditionSource Source, string Command, NodeReference? On) : Condition(Source);
