namespace Mainstay.Core.Placement.Packing;

/// <summary>Points that a group gives to a single host; below zero it would rather not go there.</summary>
internal readonly record struct PackingWish(int Host, long Points);
