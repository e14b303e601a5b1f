using System.Diagnostics;
using System.Globalization;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Hosts;

/// <summary>Removes everything a lab made, from its own list and from the mark in its processes' environment.</summary>
internal static class Leftovers
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(10);

    /// <summary>Safe to call when nothing is left, and again after it was cut short.</summary>
    public static async Task Remove(string stateDirectory, string madeFile, CancellationToken cancel)
    {
        var made = MadeThings.Read(madeFile);
        await EndProcesses(stateDirectory, made, cancel).ConfigureAwait(false);
        foreach (var table in Named(made, "table"))
            await Command.Run("nft", ["delete", "table", "bridge", table], CommandLimit, cancel).ConfigureAwait(false);
        foreach (var link in Named(made, "link").Where(LabNetwork.Exists))
            await Command.Run("ip", ["link", "del", link], CommandLimit, cancel).ConfigureAwait(false);
        foreach (var directory in Named(made, "directory"))
            RemoveMountPlace(directory);
        File.Delete(madeFile);
    }

    private static IEnumerable<string> Named(IReadOnlyList<(string Kind, string What)> made, string kind) =>
        made.Where(thing => thing.Kind == kind).Select(thing => thing.What).Distinct(StringComparer.Ordinal);

    private static async Task EndProcesses(string stateDirectory, IReadOnlyList<(string Kind, string What)> made, CancellationToken cancel)
    {
        var mark = LabLayout.EnvironmentName + "=" + stateDirectory;
        var remembered = Named(made, "process").Select(text => text.Split(' '))
            .Select(parts => (Pid: int.Parse(parts[0], CultureInfo.InvariantCulture),
                Start: ulong.Parse(parts[1], CultureInfo.InvariantCulture)))
            .ToArray();
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < EndLimit;)
        {
            int[] left =
            [
                .. remembered.Where(process => ProcessTable.IsAlive(process.Pid, process.Start)).Select(process => process.Pid)
                    .Concat(ProcessTable.WithEnvironment(mark)).Where(pid => pid != Environment.ProcessId).Distinct(),
            ];
            if (left.Length == 0)
                return;
            foreach (var pid in left)
                Posix.Signal(pid, Posix.Kill);
            await Task.Delay(5, cancel).ConfigureAwait(false);
        }

        throw new LabException($"Processes of an earlier lab in {stateDirectory} do not end.");
    }

    /// <summary>Only when nobody has anything mounted there: removing it would take the directory from another lab's hosts.</summary>
    private static void RemoveMountPlace(string directory)
    {
        if (!Directory.Exists(directory) || Directory.EnumerateFileSystemEntries(directory).Any() || MountedSomewhere(directory))
            return;
        try
        {
            Directory.Delete(directory);
        }
        catch (IOException)
        {
            // Somebody began to use it: it is theirs now.
        }
    }

    private static bool MountedSomewhere(string directory) =>
        ProcessTable.All().Any(pid => ProcessTable.Mounts(pid).Contains($" {directory} ", StringComparison.Ordinal));
}
