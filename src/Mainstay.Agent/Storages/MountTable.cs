using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Mainstay.Core.Health;

namespace Mainstay.Agent.Storages;

/// <summary>What is mounted on this host, as <c>/proc/self/mountinfo</c> and <c>/proc/self/mountstats</c> say.</summary>
internal sealed partial class MountTable
{
    private const int NamesBefore = 6;

    private readonly List<Mount> mounts = [];

    /// <param name="info">The text of mountinfo.</param>
    /// <param name="stats">The text of mountstats, which knows the lease of servers of NFS 4; empty when it is not there.</param>
    public MountTable(string info, string stats)
    {
        var leases = Leases(stats);
        foreach (var line in info.Split('\n'))
        {
            // 36 35 98:0 /root /point rw,noatime master:1 - type source options: what stands before the dash varies in number.
            var halves = line.Split(" - ", 2);
            var (before, after) = (halves[0].Split(' '), halves.Length == 2 ? halves[1].Split(' ') : []);
            if (before.Length < NamesBefore || after.Length < 3)
                continue;
            var (point, options) = (Plain(before[4]), after[2].Split(','));
            mounts.Add(new Mount(point, TypeOf(after[0], options), Plain(after[1]), options)
            {
                LeaseSeconds = leases.GetValueOrDefault(point),
            });
        }
    }

    /// <summary>Everything that comes from a server, ordered by mount point.</summary>
    public IEnumerable<MountReading> OfNetwork => mounts
        .Where(mount => StorageClasses.IsOfNetwork(mount.FileSystem))
        .OrderBy(mount => mount.Point, StringComparer.Ordinal)
        .Select(mount => new MountReading(mount.Point, mount.FileSystem, mount.Source, mount.LeaseSeconds));

    /// <summary>What a path lies on; null when nothing is mounted at all.</summary>
    public Mount? Of(string path)
    {
        Mount? nearest = null;
        foreach (var mount in mounts)
        {
            // What was mounted later at the same point hides what was there before.
            if (IsBelow(path, mount.Point) && mount.Point.Length >= (nearest?.Point.Length ?? 0))
                nearest = mount;
        }

        return nearest;
    }

    private static bool IsBelow(string path, string point) =>
        point == "/" || path == point || (path.StartsWith(point, StringComparison.Ordinal) && path[point.Length] == '/');

    // One of NFS 4 is one whatever it is called.
    private static string TypeOf(string type, string[] options) =>
        type == "nfs" && options.Any(option => option.StartsWith("vers=4", StringComparison.Ordinal)) ? "nfs4" : type;

    private static Dictionary<string, int?> Leases(string stats)
    {
        var leases = new Dictionary<string, int?>(StringComparer.Ordinal);
        string? point = null;
        foreach (var line in stats.Split('\n'))
        {
            var words = line.Trim().Split(' ');
            if (words is ["device", _, "mounted", "on", var at, ..])
                point = Plain(at);
            else if (point is not null && LeaseTime().Match(line) is { Success: true } lease
                && int.TryParse(lease.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                leases[point] = seconds;
        }

        return leases;
    }

    /// <summary>The kernel writes blanks and backslashes as three octal digits.</summary>
    private static string Plain(string name)
    {
        if (!name.Contains('\\', StringComparison.Ordinal))
            return name;
        var plain = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var isCode = name[i] == '\\' && i + 3 < name.Length && name.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0;
            plain.Append(isCode ? (char)(((name[i + 1] - '0') * 64) + ((name[i + 2] - '0') * 8) + (name[i + 3] - '0')) : name[i]);
            i += isCode ? 3 : 0;
        }

        return plain.ToString();
    }

    [GeneratedRegex(@"[\t,]lease_time=(\d+)")]
    private static partial Regex LeaseTime();

    /// <summary>One mount.</summary>
    /// <param name="Options">Those of the file system, not of the mount point.</param>
    internal sealed record Mount(string Point, string FileSystem, string Source, string[] Options)
    {
        public int? LeaseSeconds { get; init; }

        /// <summary>Why a lock of QEMU on it holds on this host alone; null when other hosts see it.</summary>
        public string? LocksAreLocal =>
            Options.FirstOrDefault(option => option is "nolock" or "local_lock=all" or "local_lock=posix") is { } option
                ? $"its mount has the option {option}, so that locks hold on this host alone"
                : null;

        /// <summary>What a path on it is to whoever mounts the same.</summary>
        public string SourceOf(string path) =>
            Source.TrimEnd('/') + (Point == "/" ? path : path[Point.Length..]);
    }
}
