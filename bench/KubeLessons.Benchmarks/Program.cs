using BenchmarkDotNet.Running;
using KubeLessons.Benchmarks;

if (args is ["scale", ..])
{
    Scale.Run(args.AsSpan(1));
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
