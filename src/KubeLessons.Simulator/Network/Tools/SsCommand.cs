using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Network.Filtering;

namespace KubeLessons.Simulator.Network.Tools;

/// <summary>The program `ss`: the sockets of a namespace, laid out as it does for a pipe.</summary>
public static class SsCommand
{
    // Right-aligned columns end with the colon before a port; only some are set off by a blank.
    private static readonly (string Title, bool IsRight, string Before)[] Columns =
    [
        ("Netid", false, ""), ("State", false, " "), ("Recv-Q", false, " "), ("Send-Q", false, " "), ("Local Address:", true, " "), ("Port", false, ""),
        ("Peer Address:", true, " "), ("Port", false, ""), ("Process", false, ""),
    ];

    /// <summary>Runs it in a namespace with the words after the program's name: -t, -u, -l, -a, -n, -p, -H, -4, and `sport = :N`, `dport = :N`.</summary>
    public static CommandOutput Run(NetworkNamespace host, IReadOnlyList<string> words)
    {
        var flags = new HashSet<char>();
        int? localPort = null, remotePort = null;
        string? state = null;
        for (var index = 0; index < words.Count; index++)
        {
            var word = words[index];
            if (word.StartsWith("--", StringComparison.Ordinal))
                flags.Add(word switch { "--tcp" => 't', "--udp" => 'u', "--listening" => 'l', "--all" => 'a', "--numeric" => 'n', "--processes" => 'p', "--no-header" => 'H', "--summary" => 's', "--ipv4" => '4', "--ipv6" => '6', "--options" => 'o', "--extended" => 'e', _ => '?' });
            else if (word.StartsWith('-'))
                flags.UnionWith(word[1..]);
            else if (word is "sport" or "dport" && index + 2 < words.Count && Port(words[index + 2]) is { } port)
            {
                if (word == "sport")
                    localPort = port;
                else
                    remotePort = port;
                index += 2;
            }
            else if (word == "state" && index + 1 < words.Count)
            {
                state = States.FirstOrDefault(pair => pair.Name == words[index + 1]).Shown;
                if (state is null && words[index + 1] is not ("all" or "connected"))
                    return new(255, "", $"ss: wrong state name: {words[index + 1]}\n");
                flags.Add('a');
                index++;
            }
            else if (word is not ("(" or ")" or "and"))
                return new(1, "", $"Error: an inet prefix is expected rather than \"{word}\".\nCannot parse dst/src address.\n");
        }
        if (flags.FirstOrDefault(flag => !"tulanpHs46oeimr".Contains(flag)) is var unknown and not '\0')
            return new(255, "", $"ss: invalid option -- '{unknown}'\nUsage: ss [ OPTIONS ]\n       ss [ OPTIONS ] [ FILTER ]\n");
        if (flags.Contains('s'))
            return CommandOutput.Print(Summary(host));
        // There is no IPv6 here.
        var rows = flags.Contains('6') ? [] : Rows(host, flags).Where(row => state is null || row.State == state).Where(row => (localPort is null || row.Local.Port == localPort) && (remotePort is null || row.Remote?.Port == remotePort));
        return CommandOutput.Print(Layout([.. rows.Select(row => Cells(row, flags))], flags, hidesState: state is not null));
    }

    private sealed record Row(Protocol Protocol, string State, int SendQueue, SocketAddress Local, SocketAddress? Remote, string? Process, int ProcessId, int Number);

    private static IEnumerable<Row> Rows(NetworkNamespace host, HashSet<char> flags)
    {
        var any = !flags.Contains('t') && !flags.Contains('u');
        var listening = flags.Contains('l') || flags.Contains('a');
        var open = !flags.Contains('l');
        foreach (var protocol in new[] { Protocol.Udp, Protocol.Tcp })
        {
            if (!any && !flags.Contains(protocol == Protocol.Udp ? 'u' : 't'))
                continue;
            if (listening)
            {
                var number = 2;
                foreach (var listener in host.Sockets.Listeners.Where(listener => listener.Protocol == protocol).OrderBy(listener => listener.Address.Port).ThenBy(listener => listener.Address.Ip))
                {
                    yield return new(protocol, protocol == Protocol.Udp ? "UNCONN" : "LISTEN", protocol == Protocol.Udp ? 0 : listener.Backlog,
                        listener.Address, null, listener.ProcessName, listener.ProcessId, ++number);
                }
            }
            if (!open)
                continue;
            foreach (var socket in host.Sockets.Open.Where(socket => socket.Protocol == protocol).OrderBy(socket => socket.Local.Port).ThenBy(socket => socket.Remote.Port))
            {
                var state = socket.State switch { SocketState.SynSent => "SYN-SENT", SocketState.SynReceived => "SYN-RECV", _ => "ESTAB" };
                yield return new(protocol, state, 0, socket.Local, socket.Remote, socket.Listener?.ProcessName, socket.Listener?.ProcessId ?? 0, 9);
            }
        }
    }

    // What may be asked for with "state NAME", and how it is shown (ss(8), STATE-FILTER).
    private static readonly (string Name, string Shown)[] States =
    [
        ("established", "ESTAB"), ("syn-sent", "SYN-SENT"), ("syn-recv", "SYN-RECV"), ("listening", "LISTEN"), ("listen", "LISTEN"), ("time-wait", "TIME-WAIT"), ("close-wait", "CLOSE-WAIT"),
        ("fin-wait-1", "FIN-WAIT-1"), ("fin-wait-2", "FIN-WAIT-2"), ("last-ack", "LAST-ACK"), ("closing", "CLOSING"), ("closed", "UNCONN"), ("unconnected", "UNCONN"),
    ];

    private static string Summary(NetworkNamespace host)
    {
        var (listening, open) = (host.Sockets.Listeners.Count(listener => listener.Protocol == Protocol.Tcp), host.Sockets.Open.Count(socket => socket.Protocol == Protocol.Tcp));
        var established = host.Sockets.Open.Count(socket => socket.Protocol == Protocol.Tcp && socket.State is not (SocketState.SynSent or SocketState.SynReceived));
        var udp = host.Sockets.Listeners.Count(listener => listener.Protocol == Protocol.Udp) + host.Sockets.Open.Count(socket => socket.Protocol == Protocol.Udp);
        var tcp = listening + open;
        return string.Create(CultureInfo.InvariantCulture,
            $"Total: {tcp + udp}\nTCP:   {tcp} (estab {established}, closed 0, orphaned 0, timewait 0)\n\nTransport Total     IP        IPv6\nRAW\t  0         0         0        \n"
            + $"UDP\t  {udp,-10}{udp,-10}0        \nTCP\t  {tcp,-10}{tcp,-10}0        \nINET\t  {tcp + udp,-10}{tcp + udp,-10}0        \nFRAG\t  0         0         0        \n\n");
    }

    private static string[] Cells(Row row, HashSet<char> flags)
    {
        var number = (byte)row.Protocol;
        var isNumeric = flags.Contains('n');
        var process = flags.Contains('p') && row.Process is not null ? $" users:((\"{row.Process}\",pid={row.ProcessId},fd={row.Number}))" : "";
        return
        [
            row.Protocol.ToString().ToLowerInvariant(), row.State, "0", row.SendQueue.ToString(CultureInfo.InvariantCulture),
            $"{row.Local.Ip}:", PortName(row.Local.Port),
            row.Remote is { } remote ? $"{remote.Ip}:" : "0.0.0.0:", row.Remote is { } other ? PortName(other.Port) : "*",
            process,
        ];

        string PortName(int port) => isNumeric ? $"{port}" : ServiceNames.Name(port, number);
    }

    private static string Layout(List<string[]> rows, HashSet<char> flags, bool hidesState)
    {
        var hidesProtocol = flags.Contains('t') != flags.Contains('u');
        var hasHeader = !flags.Contains('H');
        var widths = new int[Columns.Length];
        for (var column = hidesProtocol ? 1 : 0; column < Columns.Length; column++)
            widths[column] = column == 1 && hidesState ? 0 : Math.Max(hasHeader ? Columns[column].Title.Length : 0, rows.Count == 0 ? 0 : rows.Max(row => row[column].Length));
        var text = new StringBuilder();
        if (hasHeader)
            Write(text, widths, [.. Columns.Select(column => column.Title)]);
        foreach (var row in rows)
            Write(text, widths, row);
        return text.ToString();
    }

    private static void Write(StringBuilder text, int[] widths, string[] cells)
    {
        var isFirst = true;
        for (var column = 0; column < cells.Length; column++)
        {
            if (widths[column] == 0)
                continue;
            if (!isFirst)
                text.Append(Columns[column].Before);
            isFirst = false;
            text.Append(Columns[column].IsRight ? cells[column].PadLeft(widths[column]) : cells[column].PadRight(widths[column]));
        }
        text.Append('\n');
    }

    private static int? Port(string text) => ServiceNames.Port(text.TrimStart(':'));
}
