namespace Mainstay.Lab.Measure;

/// <summary>The ways in which a measurement takes a host from its cluster, so that its guests must run elsewhere.</summary>
internal enum HostEnd
{
    /// <summary>It loses its power; its BMC says so.</summary>
    Power,

    /// <summary>It stands still and answers nothing, but has power: its BMC must switch it off.</summary>
    Hang,

    /// <summary>It loses its power together with its BMC: only its lease can prove its death.</summary>
    PowerAndBmc,

    /// <summary>It is cut off from everybody, and so is its BMC; it runs on.</summary>
    Partition,
}
