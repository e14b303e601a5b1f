namespace Mainstay.Core.Placement;

/// <summary>One reason for a host's score, in points.</summary>
public readonly record struct ScorePart(string Name, long Points);
