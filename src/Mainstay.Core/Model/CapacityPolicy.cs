namespace Mainstay.Core.Model;

/// <summary>What the cluster must be able to lose and still have a place for every guest.</summary>
/// <param name="HostLosses">Hosts, one after the other: 0 to <see cref="MostLosses"/>. 0: room is kept for nothing.</param>
/// <param name="Domains">Kinds of failure domains, such as rack: any one domain of each may be lost as a whole. Ordered.</param>
public sealed record CapacityPolicy(int HostLosses, ValueList<string> Domains)
{
    public const int MostLosses = 3;

    /// <summary>One host, whichever it is.</summary>
    public static CapacityPolicy Default { get; } = new(1, []);
}
