using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Guests;

/// <summary>
/// Which guest really runs where, by the processes of the machine: whatever libvirt, an agent or a person believes. QEMU's processes of
/// this lab only.
/// </summary>
internal sealed class GuestProcesses(LabCluster lab)
{
    private readonly Dictionary<(int Pid, ulong Start), GuestProcess?> known = [];

    /// <summary>Every living QEMU of the lab, ordered by guest and host.</summary>
    public IReadOnlyList<GuestProcess> Find()
    {
        var found = new List<GuestProcess>();
        foreach (var pid in ProcessTable.All())
        {
            if (ProcessTable.Find(pid) is not { Alive: true } entry)
                continue;
            // A process that became QEMU stays QEMU; another one may still become it, so it is looked at each time.
            if (!known.TryGetValue((pid, entry.StartTime), out var process) && Read(pid, entry.StartTime) is { } read)
                known.Add((pid, entry.StartTime), process = read.Host.Length > 0 ? read : null);
            if (process is not null)
                found.Add(process);
        }

        return [.. found.OrderBy(process => process.Guest, StringComparer.Ordinal).ThenBy(process => process.Host, StringComparer.Ordinal)];
    }

    /// <summary>
    /// A sentence per guest of which two processes live at this instant: all that are named were seen alive, and are alive still.
    /// </summary>
    public IReadOnlyList<string> Twice() =>
    [
        .. Find().GroupBy(process => process.Guest, StringComparer.Ordinal).Where(group => group.Count() > 1)
            .Select(group => group.Where(process => ProcessTable.IsAlive(process.Pid, process.Start)).ToArray())
            .Where(alive => alive.Length > 1)
            .Select(alive => $"{alive[0].Guest} has {alive.Length} processes at once: "
                + string.Join(", ", alive.Select(process => $"{process.Pid} on {process.Host}"))),
    ];

    /// <summary>Null when it is no QEMU that runs a guest; its host is empty when that is no host of this lab.</summary>
    private GuestProcess? Read(int pid, ulong start)
    {
        var words = ProcessTable.CommandLine(pid);
        var name = words.FirstOrDefault(word => word.StartsWith("guest=", StringComparison.Ordinal));
        if (name is null || words.Count == 0 || !words[0].Contains("qemu-system", StringComparison.Ordinal))
            return null;
        var guest = name["guest=".Length..].Split(',')[0];
        var mounts = ProcessTable.Mounts(pid);
        var host = lab.Layout.Hosts.FirstOrDefault(plan => mounts.Contains(plan.Directory + "/", StringComparison.Ordinal))?.Name;
        // A process that ended meanwhile has no mounts any more.
        return mounts.Length == 0 ? null : new GuestProcess(guest, host ?? "", pid, start);
    }
}
