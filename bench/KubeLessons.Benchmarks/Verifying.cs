using System.Diagnostics;
using System.Text.RegularExpressions;
using KubeLessons.Lessons;
using KubeLessons.SimulatedCluster;
using KubeLessons.Verifying;

namespace KubeLessons.Benchmarks;

/// <summary>
/// What the authors' gate costs: <c>verify FOLDER [LESSON…]</c> proves the lessons of a folder one after another on one thread; a line
/// a lesson, in processor time, which a busy machine stretches less than wall time. The first lesson pays for the compiling.
/// </summary>
internal static class Verifying
{
    public static async Task RunAsync(string folder, IReadOnlyCollection<string> chosen)
    {
        Regex.CacheSize = 256;
        var library = new LessonLibrary(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories), File.ReadAllText);
        var gate = new LessonGate(SimulatedClusters.OpenAsync, GateOptions.Standard with { Jobs = 1 });
        Console.WriteLine("lesson                  runs   cpu ms   ms a run   MiB a run   pauses ms a run   proved");
        foreach (var entry in library.Entries.Where(entry => chosen.Count == 0 || chosen.Contains(entry.Id)))
        {
            var (begin, allocated, paused) = (Cpu(), GC.GetTotalAllocatedBytes(), GC.GetTotalPauseDuration());
            var result = await gate.VerifyAsync(library.Open(entry).Lesson!, CancellationToken.None);
            var spent = Cpu() - begin;
            Console.WriteLine(
                $"{entry.Id,-22} {result.Runs,5} {spent,8:F0} {spent / result.Runs,10:F1} "
                + $"{(GC.GetTotalAllocatedBytes() - allocated) / 1048576.0 / result.Runs,11:F1} "
                + $"{(GC.GetTotalPauseDuration() - paused).TotalMilliseconds / result.Runs,17:F1}   {result.IsProved}");
        }
    }

    private static double Cpu() => Process.GetCurrentProcess().TotalProcessorTime.TotalMilliseconds;
}
