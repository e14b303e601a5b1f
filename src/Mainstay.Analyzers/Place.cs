using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Mainstay.Analyzers;

/// <summary>A place inside the switched value: the value itself, a tuple element, or a property of a case.</summary>
internal sealed class Place(string path, ITypeSymbol type, bool mayBeNull)
{
    public string Path { get; } = path;

    /// <summary>The static type, without the wrapper of a nullable value type.</summary>
    public ITypeSymbol Type { get; } = Underlying(type);

    public bool MayBeNull { get; } = mayBeNull || !SymbolEqualityComparer.Default.Equals(Underlying(type), type);

    public Place Inside(string name, ITypeSymbol type) =>
        new(Path + "/" + name, type, type.NullableAnnotation == NullableAnnotation.Annotated);

    /// <summary>What can stand here, each alternative disjoint from the others. One alternative alone: nothing to split.</summary>
    public ImmutableArray<Alternative> Alternatives()
    {
        var values = Type switch
        {
            { SpecialType: SpecialType.System_Boolean } => [Alternative.Of(true), Alternative.Of(false)],
            // The editor configuration says why an unnamed enum value is not counted.
            { TypeKind: TypeKind.Enum } => Type.GetMembers().OfType<IFieldSymbol>().Where(f => f.HasConstantValue)
                .Select(f => f.ConstantValue).Distinct().Select(Alternative.Of).ToImmutableArray(),
            INamedTypeSymbol named when ClosedHierarchy.CasesOf(named) is { } cases => cases.Select(Alternative.Of).ToImmutableArray(),
            _ => ImmutableArray.Create(Alternative.Something),
        };
        return MayBeNull ? values.Add(Alternative.Null) : values;
    }

    private static ITypeSymbol Underlying(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : type;
}
