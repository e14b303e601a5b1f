using System.Runtime.InteropServices;

namespace Mainstay.Hypervisor.Libvirt.Native;

/// <summary>An owned <c>virConnectPtr</c>. Closing speaks to the daemon, so it is disposed on the thread of its connection.</summary>
internal sealed class ConnectHandle : SafeHandle
{
    public ConnectHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibvirtNative.virConnectClose(handle) >= 0;
}
