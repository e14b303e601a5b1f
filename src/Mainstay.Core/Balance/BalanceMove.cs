using Mainstay.Core.Model;

namespace Mainstay.Core.Balance;

/// <summary>A move that would even out the load of two hosts.</summary>
/// <param name="Gain">By so much the imbalance falls, in percent points.</param>
/// <param name="Why">The use of memory and processors on both hosts before it, for people.</param>
public sealed record BalanceMove(GroupId Group, HostId From, HostId To, double Gain, string Why);
