using System.Runtime.InteropServices;

namespace Mainstay.Hypervisor.Libvirt.Native;

/// <summary>An owned <c>virDomainPtr</c>.</summary>
internal sealed class DomainHandle : SafeHandle
{
    public DomainHandle()
        : base(0, ownsHandle: true)
    {
    }

    internal DomainHandle(nint domain)
        : base(0, ownsHandle: true) => SetHandle(domain);

    public override bool IsInvalid => handle == 0;

    /// <summary>Held by the client: no call to the daemon.</summary>
    internal string Name => LibvirtNative.NameOf(handle);

    /// <summary>Held by the client: no call to the daemon.</summary>
    internal string Uuid => LibvirtNative.UuidOf(handle);

    /// <summary>libvirt's number of this life of the guest. Held by the client: no call to the daemon.</summary>
    internal uint Life => LibvirtNative.virDomainGetID(this);

    protected override bool ReleaseHandle() => LibvirtNative.virDomainFree(handle) == 0;
}
