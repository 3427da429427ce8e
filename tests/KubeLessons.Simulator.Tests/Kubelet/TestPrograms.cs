using System.Globalization;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Images;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Tests.Kubelet;

/// <summary>The shell, and the few commands that these tests need.</summary>
internal static class TestPrograms
{
    public static ImagePrograms Images { get; } = new()
    {
        Debian = table =>
        {
            AddTo(table);
            CoreCommands.AddTo(table);
        },
        Busybox = table =>
        {
            AddTo(table);
            BusyboxCommands.AddTo(table);
        },
    };

    public static void AddTo(ProgramTable table)
    {
        table.Add("sleep", Sleep);
        table.Add("echo", Echo);
        table.Add("cat", Cat);
        table.Add("true", Exit(0));
        table.Add("false", Exit(1));
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
