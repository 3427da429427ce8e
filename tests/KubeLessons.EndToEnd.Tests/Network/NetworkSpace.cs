using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace KubeLessons.EndToEnd.Tests.Network;

/// <summary>
/// A network namespace of this machine, made for a test and removed with it. A thread of its own stays inside, so that sockets,
/// settings and programs that it makes belong to the namespace.
/// </summary>
internal sealed class NetworkSpace : IDisposable
{
    private const int NewNetwork = 0x40000000;

    private readonly BlockingCollection<Action> work = [];
    private readonly Thread thread;

    private NetworkSpace(string name)
    {
        Name = name;
        Command("ip", ["netns", "add", name]);
        thread = new(Loop) { IsBackground = true, Name = name };
        thread.Start();
        Run(() => Enter(name));
        Ip("link set lo up");
    }

    public string Name { get; }

    public static NetworkSpace Make(string name) => new(name);

    /// <summary>Does something inside the namespace, and waits for it.</summary>
    public void Run(Action action) => Run(() =>
    {
        action();
        return 0;
    });

    /// <summary>Asks something inside the namespace.</summary>
    public T Run<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>();
        work.Add(() =>
        {
            try
            {
                answer.SetResult(question());
            }
            catch (Exception failure)
            {
                answer.SetException(failure);
            }
        });
        return answer.Task.GetAwaiter().GetResult();
    }

    public void Ip(string arguments) => Command("ip", ["-n", Name, .. arguments.Split(' ')]);

    public void Sysctl(string name, string value)
    {
        var path = "/proc/sys/" + name.Replace('.', '/');
        Run(() =>
        {
            if (File.Exists(path))
                File.WriteAllText(path, value);
        });
    }

    /// <summary>Runs a program inside the namespace; what it prints as an error when it fails.</summary>
    public string? Program(string program, string input) => Run(() => Start(program, [], input));

    /// <summary>What a program prints inside the namespace.</summary>
    public string Output(string program, params string[] arguments) => Run(() =>
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    });

    public void Dispose()
    {
        work.CompleteAdding();
        thread.Join();
        work.Dispose();
        Start("ip", ["netns", "del", Name], "");
    }

    public static void Command(string program, string[] arguments)
    {
        if (Start(program, arguments, "") is { } error)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error}");
    }

    private static string? Start(string program, string[] arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEnd();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : error;
    }

    private static void Enter(string name)
    {
        using var handle = File.OpenHandle("/run/netns/" + name);
        if (SetNamespace(handle.DangerousGetHandle().ToInt32(), NewNetwork) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "setns");
    }

    private void Loop()
    {
        foreach (var action in work.GetConsumingEnumerable())
            action();
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static extern int SetNamespace(int descriptor, int kind);
}
