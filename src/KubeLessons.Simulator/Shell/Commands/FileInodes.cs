namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>Inode numbers: the simulated files have none, so a path's hash stands for it. The same path has the same number.</summary>
internal static class FileInodes
{
    public static long Of(string path) => (long)(SeededRandom.Hash(path) % 9_000_000) + 131_073;
}
