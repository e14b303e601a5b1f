using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Guests;

/// <summary>Puts guests on hosts with plain libvirt, as they would be there before anybody thought of high availability.</summary>
public static class GuestSetup
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    /// <summary>Makes the disk and the definition of each guest on the shared storage; an existing disk is overwritten.</summary>
    public static async Task Prepare(LabCluster lab, IEnumerable<LabGuest> guests, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(lab);
        foreach (var guest in guests)
        {
            var image = guest.Kind == LabGuestKind.Linux
                ? await LinuxGuestImage.Get(lab.Options.CacheDirectory, cancel).ConfigureAwait(false) : null;
            GuestDisk.Create(Path.Combine(lab.SharedDirectory, guest.Name + ".raw"));
            await File.WriteAllTextAsync(
                Path.Combine(lab.SharedDirectory, guest.Name + ".xml"), GuestDefinition.Write(guest, image), cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Defines and starts prepared guests on a host.</summary>
    public static async Task Start(LabCluster lab, string host, IEnumerable<LabGuest> guests, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var script = string.Join(';', guests.Select(guest => $"define /srv/shared/{guest.Name}.xml;start {guest.Name}"));
        if (script.Length == 0)
            return;
        var outcome = await lab.Exec(host, ["virsh", "-q", "-c", "qemu:///system", script], StartLimit, cancel).ConfigureAwait(false);
        outcome.OutputOr($"The guests could not be started on {host}");
    }

    /// <summary>Starts the guests in turn on the hosts, or all on one.</summary>
    public static async Task Spread(LabCluster lab, IReadOnlyList<LabGuest> guests, string? allOn, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(lab);
        await Prepare(lab, guests, cancel).ConfigureAwait(false);
        var hosts = lab.Options.Hosts;
        await Task.WhenAll(hosts.Select((host, index) => Start(
            lab, host, guests.Where((_, number) => allOn is null
                ? number % hosts.Count == index : host == allOn), cancel))).ConfigureAwait(false);
    }

    /// <summary>The checker's verdict on each guest's disk.</summary>
    public static IReadOnlyDictionary<string, BeatReport> CheckDisks(LabCluster lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        return Directory.EnumerateFiles(lab.SharedDirectory, "*.raw").Order(StringComparer.Ordinal)
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), GuestDisk.Check, StringComparer.Ordinal);
    }
}
