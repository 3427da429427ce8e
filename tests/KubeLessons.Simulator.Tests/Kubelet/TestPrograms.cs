using System.Globalization;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Images;

namespace KubeLessons.Simulator.Tests.Kubelet;

/// <summary>As much of a shell as these tests need: commands separated by semicolons, without quoting.</summary>
internal static class TestPrograms
{
    public static ImagePrograms Images { get; } = new() { Shell = AddTo };

    public static void AddTo(ProgramTable table)
    {
        table.Add("sh", Shell);
        table.Add("sleep", Sleep);
        table.Add("echo", Echo);
        table.Add("cat", Cat);
        table.Add("true", Exit(0));
        table.Add("false", Exit(1));
    }

    private static IEnumerable<Wait> Shell(Process self)
    {
        if (self.Arguments.ToArray() is not ["-c", var script, ..])
        {
            while (!self.Input.IsAtEnd)
            {
                yield return Wait.On(self.Input.Changed);
            }

            yield break;
        }

        foreach (var command in script.Split(';', StringSplitOptions.TrimEntries))
        {
            var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["exit", var code])
            {
                self.Exit(int.Parse(code, CultureInfo.InvariantCulture));
                yield break;
            }

            if (words is ["trap", ..])
            {
                self.SignalHandler = _ =>
                {
                    self.Exit(0);
                    return true;
                };
                continue;
            }

            var child = self.Host.Processes.Start(new ProcessStart([.. words], self.Programs.Find(words[0])!)
            {
                Parent = self,
                Environment = self.Environment,
                Output = self.Output,
                Error = self.Error,
            });
            while (!child.HasExited)
            {
                yield return Wait.On(child.Exited);
            }
        }
    }

    private static IEnumerable<Wait> Sleep(Process self)
    {
        yield return Wait.For(TimeSpan.FromSeconds(double.Parse(self.Arguments[0], CultureInfo.InvariantCulture)));
    }

    private static IEnumerable<Wait> Echo(Process self)
    {
        self.Output.WriteLine(string.Join(' ', self.Arguments.ToArray().Select(word =>
            word.StartsWith('$') ? self.Environment.GetValueOrDefault(word[1..], "") : word)));
        yield break;
    }

    private static IEnumerable<Wait> Cat(Process self)
    {
        foreach (var path in self.Arguments.ToArray())
        {
            if (self.Files.Read(path) is { } content)
            {
                self.Output.Write(content);
            }
            else
            {
                self.Error.WriteLine($"cat: {path}: No such file or directory");
                self.Exit(1);
            }
        }

        yield break;
    }

    private static ProgramMain Exit(int code) => self => ExitMain(self, code);

    private static IEnumerable<Wait> ExitMain(Process self, int code)
    {
        self.Exit(code);
        yield break;
    }
}
