namespace Mainstay.Core.Placement.Packing;

/// <summary>What a running group puts up with when a more important one finds no place.</summary>
internal enum Yielding
{
    /// <summary>It stays where it is.</summary>
    Never,

    /// <summary>It may be moved to another host.</summary>
    Moves,

    /// <summary>It may be moved, or stopped until there is room again.</summary>
    Stops,
}
