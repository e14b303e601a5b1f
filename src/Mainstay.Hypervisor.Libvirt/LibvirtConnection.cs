using System.Runtime.InteropServices;
using Mainstay.Hypervisor.Libvirt.Native;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>
/// One connection to the daemon, used by one thread, which each call blocks. A failed call throws <see cref="LibvirtException"/>;
/// a daemon that hangs fails it when the keepalive gives up.
/// </summary>
internal sealed class LibvirtConnection : IDisposable
{
    /// <summary>A start never resumes a saved memory image: its disks may have been written elsewhere since (S1).</summary>
    private const uint StartForceBoot = 1 << 3;
    private const uint XmlSecureInactive = 1 | 2;
    private const uint UndefineManagedSave = 1 << 0;
    private const uint UndefineSnapshotsMetadata = 1 << 1;
    private const uint UndefineKeepNvram = 1 << 3;
    private const uint UndefineCheckpointsMetadata = 1 << 4;
    private const uint UndefineKeepTpm = 1 << 6;

    /// <summary>libvirt's test driver knows no saved images and therefore not this flag.</summary>
    private readonly uint startFlags;

    private LibvirtConnection(ConnectHandle handle, string uri)
    {
        Handle = handle;
        startFlags = uri.StartsWith("test", StringComparison.Ordinal) ? 0 : StartForceBoot;
    }

    internal ConnectHandle Handle { get; }

    /// <summary>Known to the client without asking the daemon.</summary>
    internal bool IsAlive => LibvirtNative.virConnectIsAlive(Handle) == 1;

    internal static LibvirtConnection Open(LibvirtOptions options, bool watches)
    {
        LibvirtEventLoop.EnsureRunning();
        var handle = LibvirtNative.virConnectOpen(options.Uri);
        if (handle.IsInvalid)
            throw LibvirtException.OfLastCall();
        // 1: the other side has no keepalive (libvirt's built-in test driver); the limits of the calls stand alone then.
        var (interval, count) = watches
            ? (options.KeepAliveInterval, options.KeepAliveCount)
            : (options.KeepAliveInterval * options.KeepAliveCount, 1);
        if (LibvirtNative.virConnectSetKeepAlive(handle, (int)interval.TotalSeconds, (uint)count) < 0)
        {
            // A driver within this process has nobody to be kept alive.
            var failure = LibvirtException.OfLastCall();
            if (failure.Code != LibvirtErrors.NoSupport)
            {
                handle.Dispose();
                throw failure;
            }
        }

        return new LibvirtConnection(handle, options.Uri);
    }

    /// <summary>Makes the daemon probe its QEMU now, which the first start after its own start would otherwise wait for.</summary>
    internal void WarmUp()
    {
        var capabilities = LibvirtNative.virConnectGetDomainCapabilities(Handle, 0, 0, 0, 0, 0);
        if (capabilities != 0)
            LibvirtNative.TakeText(capabilities);
    }

    internal List<DomainHandle> Domains(DomainFilter filter)
    {
        var count = Check(LibvirtNative.virConnectListAllDomains(Handle, out var array, (uint)filter));
        var domains = new List<DomainHandle>(count);
        for (var i = 0; i < count; i++)
            domains.Add(new DomainHandle(Marshal.ReadIntPtr(array, i * nint.Size)));
        unsafe
        {
            NativeMemory.Free((void*)array);
        }

        return domains;
    }

    internal DomainHandle? FindByUuid(string uuid) => Found(LibvirtNative.virDomainLookupByUUIDString(Handle, uuid));

    internal DomainHandle? FindByName(string name) => Found(LibvirtNative.virDomainLookupByName(Handle, name));

    internal DomainHandle Define(string xml)
    {
        var domain = LibvirtNative.virDomainDefineXMLFlags(Handle, xml, 0);
        return domain.IsInvalid ? throw LibvirtException.OfLastCall() : domain;
    }

    internal static bool IsActive(DomainHandle domain) => Check(LibvirtNative.virDomainIsActive(domain)) == 1;

    internal static DomainState StateOf(DomainHandle domain)
    {
        Check(LibvirtNative.virDomainGetState(domain, out var state, out var reason, 0));
        return new DomainState(state, reason);
    }

    /// <summary>
    /// Makes libvirt ask the guest's QEMU for the counters of all its disks. False when there is no answer to that question, which is one.
    /// </summary>
    internal static unsafe bool AskMonitor(DomainHandle domain)
    {
        const int counters = 5;
        var answer = stackalloc long[counters];
        return LibvirtNative.virDomainBlockStats(domain, "", answer, (nuint)(counters * sizeof(long))) == 0;
    }

    /// <summary>Returns when the agent in the guest has answered; libvirt waits a second for it.</summary>
    internal static void AskAgent(DomainHandle domain)
    {
        const int seconds = 1;
        nint answer;
        try
        {
            answer = LibvirtNative.virDomainQemuAgentCommand(domain, """{"execute":"guest-ping"}""", seconds, 0);
        }
        catch (DllNotFoundException missing)
        {
            throw new LibvirtException(LibvirtErrors.ArgumentUnsupported, $"the agent cannot be asked: {missing.Message}");
        }

        if (answer == 0)
            throw LibvirtException.OfLastCall();
        LibvirtNative.TakeText(answer);
    }

    internal void Start(DomainHandle domain) => Check(LibvirtNative.virDomainCreateWithFlags(domain, startFlags));

    internal static void RequestShutdown(DomainHandle domain) => Check(LibvirtNative.virDomainShutdownFlags(domain, 0));

    internal static void Destroy(DomainHandle domain) => Check(LibvirtNative.virDomainDestroyFlags(domain, 0));

    internal static bool Autostart(DomainHandle domain)
    {
        Check(LibvirtNative.virDomainGetAutostart(domain, out var autostart));
        return autostart != 0;
    }

    internal static void SetAutostart(DomainHandle domain, bool autostart) =>
        Check(LibvirtNative.virDomainSetAutostart(domain, autostart ? 1 : 0));

    internal static string Definition(DomainHandle domain)
    {
        var xml = LibvirtNative.virDomainGetXMLDesc(domain, XmlSecureInactive);
        return xml == 0 ? throw LibvirtException.OfLastCall() : LibvirtNative.TakeText(xml);
    }

    internal static long MaxMemoryKiB(DomainHandle domain) => (long)LibvirtNative.virDomainGetMaxMemory(domain);

    /// <summary>
    /// Keeps NVRAM and TPM state, which belong to the guest; drops a saved memory image, which must not be resumed here later (S1).
    /// Older daemons refuse flags they do not know, so the call is repeated with fewer.
    /// </summary>
    internal static void Undefine(DomainHandle domain)
    {
        const uint known = UndefineManagedSave | UndefineSnapshotsMetadata | UndefineKeepNvram;
        foreach (var flags in (ReadOnlySpan<uint>)
                 [known | UndefineCheckpointsMetadata | UndefineKeepTpm, known | UndefineCheckpointsMetadata, known])
        {
            if (LibvirtNative.virDomainUndefineFlags(domain, flags) == 0)
                return;
            if (LibvirtNative.virGetLastErrorCode() is not (LibvirtErrors.InvalidArgument or LibvirtErrors.ArgumentUnsupported))
                throw LibvirtException.OfLastCall();
        }

        Check(LibvirtNative.virDomainUndefineFlags(domain, UndefineManagedSave));
    }

    public void Dispose() => Handle.Dispose();

    internal static int Check(int result) => result < 0 ? throw LibvirtException.OfLastCall() : result;

    private static DomainHandle? Found(DomainHandle domain)
    {
        if (!domain.IsInvalid)
            return domain;
        var failure = LibvirtException.OfLastCall();
        return failure.Code == LibvirtErrors.NoDomain ? null : throw failure;
    }
}
