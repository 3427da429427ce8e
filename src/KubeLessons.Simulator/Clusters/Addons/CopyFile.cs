using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Clusters.Addons;

/// <summary>cp for images that bring no other: <c>cp -f SOURCE TARGET</c>.</summary>
internal static class CopyFile
{
    public static IEnumerable<Wait> Main(Process self)
    {
        var names = self.Arguments.ToArray().Where(word => !word.StartsWith('-')).ToArray();
        if (names is not [var source, var target] || self.Files.Read(source) is not { } content)
        {
            self.Error.WriteLine($"cp: can't stat '{names.FirstOrDefault()}': No such file or directory");
            self.Exit(1);
            yield break;
        }

        self.Files.Write(target, content, self.Files.Find(source)!.Mode);
    }
}
