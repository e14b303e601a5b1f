namespace Mainstay.Hypervisor.Libvirt;

/// <summary>Which domains are listed: values of libvirt's virConnectListAllDomainsFlags.</summary>
internal enum DomainFilter : uint
{
    All = 0,

    /// <summary>Those that have a process, or will in a moment.</summary>
    Active = 1,

    Running = 16,
}
