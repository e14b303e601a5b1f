using Mainstay.Core.Recovery;
using Mainstay.Hypervisor.Libvirt.Native;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>Starts one guest on a lane.</summary>
internal static class GuestStart
{
    /// <summary>Null when the definition is that of this guest.</summary>
    internal static string? Objection(string guest, string uuid, string definition)
    {
        if (DomainXml.Parse(definition, out var why) is not { } parsed)
            return why;
        if (parsed.Name != guest)
            return $"the definition is that of '{parsed.Name}', not of '{guest}'";
        return string.Equals(parsed.Uuid, uuid, StringComparison.OrdinalIgnoreCase)
            ? null
            : $"the definition has the UUID '{parsed.Uuid}', not '{uuid}'";
    }

    internal static GuestOutcome Run(LibvirtConnection connection, string uuid, string definition)
    {
        using (var existing = connection.FindByUuid(uuid))
        {
            if (existing is not null && LibvirtConnection.IsActive(existing))
            {
                // A process that has just died may not have been noticed by libvirt yet.
                return FindProcess(uuid) is null
                    ? new GuestOutcome.Unknown("libvirt says that the guest is active, but there is no process of it")
                    : new GuestOutcome.Done();
            }
        }

        // S1: a QEMU that libvirt lost may still write to the disks, and not every disk has a lock.
        if (FindProcess(uuid) is { } stray)
            return new GuestOutcome.Failed($"process {stray} of this guest runs here although libvirt does not know of it");
        using var domain = connection.Define(definition);
        // S4: only the owner starts a protected guest, never libvirt by itself after a boot.
        if (LibvirtConnection.Autostart(domain))
            LibvirtConnection.SetAutostart(domain, false);
        try
        {
            connection.Start(domain);
            return new GuestOutcome.Done();
        }
        catch (LibvirtException failure) when (connection.IsAlive)
        {
            return AfterRefusal(domain, uuid, failure);
        }
    }

    /// <summary>libvirt ends the process of a start that fails; that is verified before it counts as not running.</summary>
    private static GuestOutcome AfterRefusal(DomainHandle domain, string uuid, LibvirtException failure)
    {
        if (LibvirtConnection.IsActive(domain))
        {
            return failure.Code == LibvirtErrors.OperationInvalid
                ? new GuestOutcome.Done()
                : new GuestOutcome.Unknown($"{failure.Message}; yet libvirt says that the guest is active");
        }

        return FindProcess(uuid) is { } left
            ? new GuestOutcome.Unknown($"{failure.Message}; yet process {left} of the guest is left")
            : new GuestOutcome.Failed(failure.Message);
    }

    private static int? FindProcess(string uuid)
    {
        foreach (var seen in GuestProcessScan.Run())
        {
            if (string.Equals(seen.Uuid, uuid, StringComparison.OrdinalIgnoreCase))
                return seen.Pid;
        }

        return null;
    }
}
