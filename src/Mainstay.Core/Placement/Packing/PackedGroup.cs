namespace Mainstay.Core.Placement.Packing;

/// <summary>A group and the host that a plan gives it.</summary>
internal readonly record struct PackedGroup(int Group, int Host);
