using Mainstay.Core.Model;

namespace Mainstay.Core.Capacity;

/// <summary>Something that may happen to the cluster, or that a person may do to it.</summary>
public abstract record WhatIfCase
{
    private WhatIfCase()
    {
    }

    /// <summary>These hosts are lost at once.</summary>
    public sealed record Fail(ValueList<HostId> Hosts) : WhatIfCase;

    /// <summary>The host is drained and put into maintenance.</summary>
    public sealed record Maintenance(HostId Host) : WhatIfCase;

    /// <summary>The host is drained and removed for good.</summary>
    public sealed record Remove(HostId Host) : WhatIfCase;

    /// <summary>A guest is added and started.</summary>
    /// <param name="MemoryMiB">What it needs, in MiB.</param>
    public sealed record AddGuest(long MemoryMiB) : WhatIfCase;
}
