using System.Runtime.InteropServices;

namespace Mainstay.Hypervisor.Libvirt.Native;

/// <summary>
/// The part of libvirt's C interface that tells what a host has. Errors are kept per thread: they are read right after the failing call, on
/// its thread.
/// </summary>
internal static partial class LibvirtItems
{
    private const string Library = "libvirt.so.0";

    /// <summary>Null text means libvirt's default. The answer is an owned text, 0 on an error.</summary>
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint virConnectGetDomainCapabilities(
        ConnectHandle connect, string? emulator, string? architecture, string? machine, string? virtualization, uint flags);

    /// <summary>0 incompatible, 1 identical, 2 the host's can do more, below zero an error.</summary>
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virConnectCompareHypervisorCPU(
        ConnectHandle connect,
        string? emulator,
        string? architecture,
        string? machine,
        string? virtualization,
        string processor,
        uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint virNetworkLookupByName(ConnectHandle connect, string name);

    [LibraryImport(Library)]
    internal static partial int virNetworkIsActive(nint network);

    [LibraryImport(Library)]
    internal static partial int virNetworkFree(nint network);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint virStoragePoolLookupByName(ConnectHandle connect, string name);

    [LibraryImport(Library)]
    internal static partial int virStoragePoolIsActive(nint pool);

    [LibraryImport(Library)]
    internal static partial int virStoragePoolFree(nint pool);
}
