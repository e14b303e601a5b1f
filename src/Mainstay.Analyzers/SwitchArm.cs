using Microsoft.CodeAnalysis.Operations;

namespace Mainstay.Analyzers;

/// <summary>One arm of a switch expression: its pattern, and whether a <c>when</c> clause may still turn a value away.</summary>
internal readonly struct SwitchArm(IPatternOperation pattern, bool guarded)
{
    public IPatternOperation Pattern { get; } = pattern;

    public bool Guarded { get; } = guarded;
}
