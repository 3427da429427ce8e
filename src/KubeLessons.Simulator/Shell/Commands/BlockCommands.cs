using System.Globalization;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Tools;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary><c>fallocate</c> and <c>dd</c>: files of a size. Zeros take room on the disk without being kept here.</summary>
internal static class BlockCommands
{
    /// <summary>What a virtual machine's disk takes in a second.</summary>
    private const long BytesPerSecond = 512L * 1024 * 1024;

    public static IEnumerable<Wait> Allocate(Process self)
    {
        var command = new CommandContext(self, "fallocate");
        if (command.Parse("l:o:nvxzpd", 1, false, new("length", 'l'), new("offset", 'o'), new("keep-size", 'n'), new("verbose", 'v')) is not { } options)
        {
            yield break;
        }

        if (options.Value('l') is not { } text || options.Operands is not [var file])
        {
            command.Die(options.Operands.Count == 0 ? "no filename specified" : options.Has('l') ? "unexpected number of arguments" : "no length argument specified");
            yield break;
        }

        if (Size(text) is not { } length || length <= 0)
        {
            command.Die(Size(text) is null ? $"failed to parse length: '{text}'" : "invalid length value specified");
            yield break;
        }

        if (PathAccess.WhyNotWritable(self, file) is { } reason)
        {
            command.Die($"cannot open {file}: {reason}");
            yield break;
        }

        var path = command.Resolve(file);
        var before = self.Files.Find(path)?.Size ?? 0;
        if (length - before > DiskUse.FreeKiB(self.Host) * 1024)
        {
            self.Files.Write(path, self.Files.Read(path) ?? "");
            command.Die("fallocate failed: No space left on device");
            yield break;
        }

        self.Files.Write(path, self.Files.Read(path) ?? "");
        self.Files.Extend(path, Math.Max(before, length));
        command.Exit();
    }

    public static IEnumerable<Wait> Convert(Process self)
    {
        var command = new CommandContext(self, "dd");
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var argument in command.Arguments)
        {
            if (argument.IndexOf('=') is not (> 0 and var equals))
            {
                command.Usage($"unrecognized operand ‘{argument}’");
                yield break;
            }

            settings[argument[..equals]] = argument[(equals + 1)..];
        }

        var block = settings.GetValueOrDefault("bs") ?? settings.GetValueOrDefault("obs") ?? "512";
        var size = Size(block) ?? 0;
        var count = settings.TryGetValue("count", out var counted) ? Size(counted) : null;
        if (size <= 0 || (counted is not null && count is null))
        {
            command.Die($"invalid number: ‘{(size > 0 ? counted : block)}’");
            yield break;
        }

        var input = settings.GetValueOrDefault("if");
        var isEndless = input is "/dev/zero" or "/dev/urandom" or "/dev/random";
        var content = isEndless || input is null ? "" : PathAccess.Read(self, input, out var unreadable) ?? Complain(command, input, unreadable);
        if (content is null)
        {
            yield break;
        }

        if (input is null)
        {
            var text = new System.Text.StringBuilder();
            yield return Wait.Call(command.ReadInput(text));
            content = text.ToString();
        }

        var wanted = isEndless ? count * size ?? long.MaxValue : Math.Min(count * size ?? long.MaxValue, content.Length);
        yield return Wait.Call(Write(command, settings.GetValueOrDefault("of"), content, wanted, size, isEndless, settings.GetValueOrDefault("status") != "none"));
    }

    private static IEnumerable<Wait> Write(CommandContext command, string? output, string content, long wanted, long block, bool isEndless, bool tells)
    {
        var self = command.Self;
        if (output is null or "/dev/null")
        {
            if (output is null && !isEndless)
            {
                command.Write(content[..(int)wanted]);
            }

            Tell(command, wanted == long.MaxValue ? 0 : wanted, block, tells);
            yield break;
        }

        if (PathAccess.WhyNotWritable(self, output) is { } reason)
        {
            command.Die($"failed to open '{output}': {reason}");
            yield break;
        }

        var path = command.Resolve(output);
        self.Files.Write(path, "");
        var room = DiskUse.FreeKiB(self.Host) * 1024;
        var written = Math.Min(wanted, room);
        if (isEndless)
        {
            // It grows as it is written.
            yield return Wait.For(TimeSpan.FromSeconds((double)written / BytesPerSecond));
            self.Files.Extend(path, written);
        }
        else
        {
            self.Files.Write(path, content[..(int)written]);
        }

        if (written < wanted)
        {
            command.Complain($"error writing '{output}': No space left on device");
        }

        Tell(command, written, block, tells);
    }

    private static void Tell(CommandContext command, long bytes, long block, bool tells)
    {
        if (tells)
        {
            var seconds = Math.Max((double)bytes / BytesPerSecond, 0.0001);
            var records = $"{bytes / block}+{(bytes % block == 0 ? 0 : 1)} records";
            var human = bytes < 1000 ? "" : bytes < 1024 ? $" ({Decimal(bytes)}B)" : $" ({Decimal(bytes)}B, {Binary(bytes)}B)";
            command.Self.Error.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{records} in\n{records} out\n{bytes} bytes{human} copied, {seconds:0.######} s, {Decimal((long)(bytes / seconds))}B/s\n"));
        }

        command.Exit();
    }

    private static string? Complain(CommandContext command, string input, string reason)
    {
        command.Die($"failed to open '{input}': {reason}");
        return null;
    }

    private static string Decimal(long bytes) => Scaled(bytes, 1000, ["", "k", "M", "G", "T"]);

    private static string Binary(long bytes) => Scaled(bytes, 1024, ["", "Ki", "Mi", "Gi", "Ti"]);

    private static string Scaled(long bytes, int step, ReadOnlySpan<string> units)
    {
        var (value, unit) = ((double)bytes, 0);
        while (value >= step && unit < units.Length - 1)
        {
            (value, unit) = (value / step, unit + 1);
        }

        return value.ToString(value < 10 && unit > 0 ? "0.0" : "0", CultureInfo.InvariantCulture) + " " + units[unit];
    }

    // 10M and 10MiB are powers of 1024, 10MB of 1000; dd and fallocate agree.
    private static long? Size(string text)
    {
        var digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        long? unit = text[digits..] switch
        {
            "" => 1,
            "c" => 1,
            "w" => 2,
            "b" => 512,
            "k" or "K" or "KiB" => 1L << 10,
            "M" or "MiB" => 1L << 20,
            "G" or "GiB" => 1L << 30,
            "T" or "TiB" => 1L << 40,
            "kB" or "KB" => 1000,
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            _ => null,
        };
        return unit is { } factor && long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < long.MaxValue / factor ? number * factor : null;
    }
}
