using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Shell.Commands;
using KubeLessons.Simulator.Shell.Commands.Sed;

namespace KubeLessons.Simulator.Hosts.Tools;

internal sealed partial class LineEditor
{
    private void Substitute(string command, int from, int to)
    {
        var parts = Split(command[2..], command[1]);
        var flags = parts.Count > 2 ? parts[2] : "";
        if (parts.Count < 2 || PosixRegex.Compile(parts[0], extended: false, flags.Contains('i') || flags.Contains('I')) is not { } regex)
        {
            Fault($"E486: Pattern not found: {(parts.Count > 0 ? parts[0] : "")}");
            return;
        }

        var any = false;
        for (var number = Math.Max(1, from); number <= to; number++)
        {
            var text = new StringBuilder();
            var (line, start) = (_lines[number - 1], 0);
            var match = PosixRegex.MatchAt(regex, line, 0);
            while (match.Success)
            {
                text.Append(line, start, match.Index - start);
                SedReplacement.Append(text, parts[1], match);
                start = match.Index + match.Length;
                any = true;
                if (!flags.Contains('g') || start >= line.Length)
                {
                    break;
                }

                if (match.Length == 0)
                {
                    text.Append(line[start++]);
                }

                match = PosixRegex.MatchAt(regex, line, start);
            }

            _lines[number - 1] = text.Append(line, start, line.Length - start).ToString();
        }

        if (!any)
        {
            Fault($"E486: Pattern not found: {parts[0]}");
            return;
        }

        _current = to;
        _isChanged = true;
        if (flags.Contains('p'))
        {
            Print(to, to, false);
        }
    }

    private static List<string> Split(string text, char mark)
    {
        var (parts, part) = (new List<string>(), new StringBuilder());
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                part.Append(text[i + 1] == mark ? "" : "\\").Append(text[++i]);
            }
            else if (text[i] == mark)
            {
                parts.Add(part.ToString());
                part.Clear();
            }
            else
            {
                part.Append(text[i]);
            }
        }

        parts.Add(part.ToString());
        return parts;
    }

    private void Read(string path, int after)
    {
        if (self.Files.Read(FileSystem.Resolve(self.WorkingDirectory, path)) is not { } text)
        {
            Fault($"E484: Can't open file {path}");
            return;
        }

        var added = text.TrimEnd('\n').Split('\n');
        _lines.InsertRange(Math.Min(after, _lines.Count), added);
        _current = after + added.Length;
        _isChanged = true;
    }

    private bool Write(string path, int from, int to)
    {
        if (path.Length == 0)
        {
            Fault("E32: No file name");
            return false;
        }

        var place = FileSystem.Resolve(self.WorkingDirectory, path);
        if (!self.Files.IsDirectory(FileSystem.Parent(place)))
        {
            Fault($"E212: Can't open file for writing");
            return false;
        }

        if (self.Files.IsReadOnlyAt(place))
        {
            Fault($"E45: 'readonly' option is set (add ! to override)");
            return false;
        }

        var text = string.Concat(_lines.Skip(from - 1).Take(to - from + 1).Select(line => line + "\n"));
        self.Files.Write(place, text);
        _isChanged = false;
        if (self.Name == "ed")
        {
            self.Output.WriteLine(Encoding.UTF8.GetByteCount(text).ToString(CultureInfo.InvariantCulture));
        }

        return true;
    }
}
