using System.Globalization;
using System.Text;
using Mainstay.Contracts.Api;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Soak;

/// <summary>Keeps what is needed to understand a violation after the lab is gone.</summary>
internal static class SoakEvidence
{
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(15);
    private const int LogLines = 60;

    /// <returns>The path of the file.</returns>
    public static async Task<string> Write(
        LabCluster lab, ulong seed, SoakRound round, IEnumerable<EventEntry> facts, CancellationToken cancel)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Seed {seed}, round {round.Number}: {string.Join(" + ", round.Faults)}");
        foreach (var violation in round.Violations)
            text.AppendLine(violation);
        text.AppendLine("\nFacts of the round:");
        foreach (var entry in facts.OrderBy(entry => entry.Time))
            text.AppendLine(CultureInfo.InvariantCulture, $"{entry.Time:HH:mm:ss.fff} {entry.Host} {entry.Fact}: {entry.Text}");
        foreach (var host in (await lab.Status(cancel).ConfigureAwait(false)).Hosts)
        {
            if (host is { On: true, Hung: false })
            {
                var said = await lab.Exec(host.Name, ["mainstay", "status"], AskLimit, cancel).ConfigureAwait(false);
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"\nmainstay status on {host.Name}:\n{(said as CommandOutcome.Exited)?.Output ?? said.Describe()}");
            }

            text.AppendLine(CultureInfo.InvariantCulture, $"\nThe end of the console of {host.Name}:");
            foreach (var line in File.ReadLines(Path.Combine(lab.HostDirectory(host.Name), "console.log")).TakeLast(LogLines))
                text.AppendLine(line);
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"mainstay-soak-{seed}-{round.Number}.txt");
        var path = Path.Combine(Path.GetTempPath(), name);
        await File.WriteAllTextAsync(path, text.ToString(), cancel).ConfigureAwait(false);
        return path;
    }
}
