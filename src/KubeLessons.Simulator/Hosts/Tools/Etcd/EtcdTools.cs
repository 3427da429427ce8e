using System.Globalization;

namespace KubeLessons.Simulator.Hosts.Tools.Etcd;

/// <summary>The tools of a release of etcd: etcdctl, and since 3.5 etcdutl, which took over what needs no server.</summary>
/// <param name="Version">Such as <c>3.5.21</c>.</param>
internal sealed record EtcdTools(string Version)
{
    private int Minor => int.Parse(Version.Split('.')[1], CultureInfo.InvariantCulture);

    /// <summary>3.4: the old words and the old logger.</summary>
    public bool IsOld => Minor < 5;

    /// <summary>Since 3.6 a snapshot is looked at and restored by etcdutl alone.</summary>
    public bool KeepsFilesToEtcdutl => Minor >= 6;

    public void AddTo(ProgramTable programs)
    {
        programs.Add("etcdctl", self => new Etcdctl(self, this).Main());
        if (!IsOld)
        {
            programs.Add("etcdutl", self => new EtcdSnapshotFiles(self, EtcdctlOptions.Read(self), this, isUtility: true).Main());
        }
    }

    /// <summary>A line of the tools' log on standard error, at a time: JSON of the client, and what it says beside its message.</summary>
    public string Log(string level, DateTimeOffset now, string caller, string message, string fields) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"level\":\"{level}\",\"ts\":\"{now:yyyy-MM-ddTHH:mm:ss.ffffff}Z\",{(IsOld || caller.StartsWith("snapshot", StringComparison.Ordinal) ? "" : "\"logger\":\"etcd-client\",")}\"caller\":\"{caller}\",\"msg\":\"{message}\"{(fields.Length == 0 ? "" : "," + fields)}}}\n");

    /// <summary>Bytes as go-humanize words them: powers of 1000.</summary>
    public static string Size(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1000 && unit < 4)
        {
            value /= 1000;
            unit++;
        }

        var number = unit > 0 && value < 10 ? value.ToString("0.0", CultureInfo.InvariantCulture) : Math.Round(value).ToString(CultureInfo.InvariantCulture);
        return $"{number} {(unit == 0 ? "B" : "kMGT"[unit - 1] + "B")}";
    }
}
