namespace Mainstay.Lab;

/// <summary>
/// A silent loss of frames between a host and a peer (null: everybody; "runner": the machine the lab and its BMCs are on).
/// </summary>
public sealed record LinkCut(string Host, LabNet Net, CutDirection Direction, string? Peer = null, int LossPercent = 100)
{
    public const string Runner = "runner";
}
