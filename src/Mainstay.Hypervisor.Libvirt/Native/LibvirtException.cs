using System.Runtime.InteropServices;

namespace Mainstay.Hypervisor.Libvirt.Native;

/// <summary>What libvirt said about the failed call on this thread. Never leaves the adapter.</summary>
internal sealed class LibvirtException(int code, string message) : Exception(message)
{
    /// <summary>A <c>VIR_ERR_*</c> number, see <see cref="LibvirtErrors"/>.</summary>
    internal int Code { get; } = code;

    internal static LibvirtException OfLastCall() => new(
        LibvirtNative.virGetLastErrorCode(),
        Marshal.PtrToStringUTF8(LibvirtNative.virGetLastErrorMessage()) ?? "libvirt gave no reason");
}

/// <summary>The error numbers of libvirt that are told apart.</summary>
internal static class LibvirtErrors
{
    internal const int NoSupport = 3;
    internal const int InvalidArgument = 8;
    internal const int NoDomain = 42;
    internal const int NoNetwork = 43;
    internal const int NoStoragePool = 49;
    internal const int OperationInvalid = 55;
    internal const int ConfigurationUnsupported = 67;
    internal const int ArgumentUnsupported = 74;
}
