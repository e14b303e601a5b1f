using Microsoft.CodeAnalysis;

namespace Mainstay.Analyzers;

/// <summary>One of the things that can stand at a place: null, a constant, a case of a closed hierarchy, or any other value.</summary>
internal sealed class Alternative
{
    public static readonly Alternative Null = new(null, null, isConstant: false);

    /// <summary>Any value but null, of the place's static type.</summary>
    public static readonly Alternative Something = new(null, null, isConstant: false);

    private Alternative(INamedTypeSymbol? type, object? constant, bool isConstant) =>
        (Case, Constant, IsConstant) = (type, constant, isConstant);

    public INamedTypeSymbol? Case { get; }

    public object? Constant { get; }

    public bool IsConstant { get; }

    public static Alternative Of(INamedTypeSymbol type) => new(type, null, isConstant: false);

    public static Alternative Of(object? constant) => new(null, constant, isConstant: true);
}
