using BenchmarkDotNet.Running;
using KubeLessons.Benchmarks;

if (args is ["scale", ..])
{
    Scale.Run(args.AsSpan(1));
    return;
}

if (args is ["verify", var folder, .. var lessons])
{
    await Verifying.RunAsync(folder, lessons);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
