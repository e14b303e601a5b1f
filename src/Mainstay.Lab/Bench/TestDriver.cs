using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Bench;

/// <summary>
/// Resources that cost nothing: guests of libvirt's test driver, which are entries in libvirtd's memory and start at once. The store,
/// agents, beacons, fencing and libvirtd are the real ones.
/// </summary>
internal static class TestDriver
{
    private const string Uri = "test+unix:///default";
    private const string Script = "/srv/shared/resources.virsh";
    private static readonly TimeSpan DefineLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(120);

    /// <summary>Makes every agent use the test driver, and removes the domain that the driver has on every host.</summary>
    public static async Task Use(LabCluster lab, ClusterSight sight, CancellationToken cancel)
    {
        foreach (var host in lab.Options.Hosts)
            await Configure(lab, host, cancel).ConfigureAwait(false);
        await sight.WaitUntil(lab.Options.Hosts[0], "The return of the agents", seen => lab.Options.Hosts
            .Select(host => ClusterSight.LackingOf(seen, host)).FirstOrDefault(lack => lack is not null), SettleLimit,
                cancel).ConfigureAwait(false);
        foreach (var host in lab.Options.Hosts)
        {
            var outcome = await lab.Exec(host, ["virsh", "-q", "-c", Uri, "destroy test; undefine test"], DefineLimit, cancel)
                .ConfigureAwait(false);
            outcome.OutputOr($"virsh on {host} failed");
        }
    }

    /// <summary>Defines and starts the resources on a host.</summary>
    public static async Task Start(LabCluster lab, string host, IEnumerable<string> names, CancellationToken cancel)
    {
        var commands = new StringBuilder();
        foreach (var name in names)
        {
            await File.WriteAllTextAsync(Path.Combine(lab.SharedDirectory, name + ".xml"),
                $"<domain type='test'><name>{name}</name><memory>1024</memory><os><type>hvm</type></os></domain>", cancel).ConfigureAwait(
                    false);
            commands.Append(CultureInfo.InvariantCulture, $"define /srv/shared/{name}.xml\nstart {name}\n");
        }

        await File.WriteAllTextAsync(Path.Combine(lab.SharedDirectory, Path.GetFileName(Script)), commands.ToString(), cancel)
            .ConfigureAwait(false);
        var outcome = await lab.Exec(
            host, ["sh", "-c", $"exec virsh -q -c {Uri} < {Script}"], DefineLimit, cancel).ConfigureAwait(false);
        outcome.OutputOr($"The resources could not be made on {host}");
    }

    /// <summary>Another libvirt connection is a line of the agent's configuration, which it reads when it starts.</summary>
    private static async Task Configure(LabCluster lab, string host, CancellationToken cancel)
    {
        var file = Path.Combine(lab.HostDirectory(host), "etc-mainstay", "agent.json");
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(file, cancel).ConfigureAwait(false))
            ?? throw new LabException($"{file} is empty.");
        settings["libvirt_uri"] = Uri;
        await File.WriteAllTextAsync(file, settings.ToJsonString(), cancel).ConfigureAwait(false);
        await lab.KillProcess(host, LabProcess.Agent, cancel).ConfigureAwait(false);
    }
}
