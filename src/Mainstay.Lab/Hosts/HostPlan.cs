namespace Mainstay.Lab.Hosts;

/// <summary>The names, addresses and places of one host, all of them derived from the lab's options.</summary>
/// <param name="Number">1 for the first host.</param>
internal sealed record HostPlan(LabLayout Lab, string Name, int Number)
{
    public bool IsWitness => Name == Lab.Options.Witness;

    public string Directory => Path.Combine(Lab.Options.StateDirectory, "hosts", Name);

    public string ManagementAddress => $"{Lab.Options.ManagementPrefix}.{Number}";

    public string StorageAddress => $"{Lab.Options.StoragePrefix}.{Number}";

    public string BmcAddress => $"{Lab.Options.ManagementPrefix}.{100 + Number}";

    public string ManagementLink => $"{Lab.Options.Name}mgmt{Number}";

    public string StorageLink => $"{Lab.Options.Name}stor{Number}";

    /// <summary>Fixed, or the peers would keep the dead host's entry in their neighbour tables after a reboot.</summary>
    public string ManagementMac => $"52:54:00:4d:00:{Number:x2}";

    public string StorageMac => $"52:54:00:53:00:{Number:x2}";

    public string Uuid => $"6d61696e-7374-4179-8000-{Number:d12}";

    /// <summary>libvirt's log directory of the host; the guests' serial ports are files in it.</summary>
    public string SerialDirectory => Path.Combine(Directory, "log-libvirt", "qemu");

    public string Link(LabNet net) => net == LabNet.Management ? ManagementLink : StorageLink;
}
