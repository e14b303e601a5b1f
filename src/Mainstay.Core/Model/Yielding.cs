namespace Mainstay.Core.Model;

/// <summary>What a running group puts up with when a group of a lower tier number finds no place otherwise.</summary>
public enum Yielding
{
    /// <summary>It stays where it is (default).</summary>
    Never,

    /// <summary>It may be moved to another host.</summary>
    Moves,

    /// <summary>It may be moved, or stopped until there is room again.</summary>
    Stops,
}
