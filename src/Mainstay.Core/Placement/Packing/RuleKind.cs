namespace Mainstay.Core.Placement.Packing;

/// <summary>What a rule asks of its members.</summary>
internal enum RuleKind
{
    /// <summary>Anti-affinity, and spreading over failure domains.</summary>
    Apart,

    /// <summary>Affinity.</summary>
    Together,
}
