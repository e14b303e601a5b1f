using System.CommandLine;
using System.Text.Json;
using Mainstay.Lab.Control;

namespace Mainstay.Lab;

/// <summary><c>mainstay lab status</c>: the truth about the hosts, from outside.</summary>
internal static class LabStatusCommand
{
    public static Command Build(Option<string> name, Option<bool> json)
    {
        var status = new Command("status", "Power, faults and programs of each host, as seen from outside.");
        status.SetAction((parsed, cancel) => LabCommands.With(parsed, name, async lab =>
        {
            await Print(lab, parsed.GetValue(json), cancel).ConfigureAwait(false);
            return 0;
        }, cancel));
        return status;
    }

    public static async Task Print(LabCluster lab, bool json, CancellationToken cancel)
    {
        var status = await lab.Status(cancel).ConfigureAwait(false);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(status, LabJson.Default.LabStatus));
            return;
        }

        Console.WriteLine($"{"HOST",-6} {"POWER",-6} {"MANAGEMENT",-14} {"STORAGE",-14} {"BMC",-14} {"",-14} RUNNING");
        foreach (var host in status.Hosts)
        {
            Console.WriteLine($"{host.Name,-6} {Power(host),-6} {host.ManagementAddress,-14} "
                + $"{host.StorageAddress,-14} {host.BmcAddress,-14} "
                + $"{host.Bmc,-14} {string.Join(' ', host.Running).ToLowerInvariant()}{(host.Witness ? " (witness)" : "")}");
        }

        foreach (var cut in status.Cuts)
            Console.WriteLine($"cut: {cut.Host} {cut.Net} {cut.Direction} to {cut.Peer ?? "everybody"}, {cut.LossPercent} % lost");
    }

    private static string Power(LabHostStatus host) => host switch { { On: false } => "off", { Hung: true } => "hung", _ => "on" };
}
