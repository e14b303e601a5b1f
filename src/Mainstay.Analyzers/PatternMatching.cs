using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Mainstay.Analyzers;

/// <summary>Matches one pattern against a place, under assumptions about what stands where.</summary>
internal sealed class PatternMatching(ImmutableDictionary<string, Alternative> assumed)
{
    public Verdict Matches(IPatternOperation pattern, Place place) => pattern switch
    {
        IDiscardPatternOperation => Verdict.Yes,
        IDeclarationPatternOperation { MatchesNull: true } => Verdict.Yes,
        IDeclarationPatternOperation declaration => IsA(declaration.NarrowedType, place),
        ITypePatternOperation type => IsA(type.MatchedType, place),
        IConstantPatternOperation constant => IsConstant(constant, place),
        INegatedPatternOperation negated => Verdict.Not(Matches(negated.Pattern, place)),
        IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } either =>
            Verdict.Or(Matches(either.LeftPattern, place), Matches(either.RightPattern, place)),
        IBinaryPatternOperation both => Verdict.And(Matches(both.LeftPattern, place), Matches(both.RightPattern, place)),
        IRecursivePatternOperation recursive => IsShaped(recursive, place),
        _ => Verdict.Depends,
    };

    private Verdict IsA(ITypeSymbol wanted, Place place)
    {
        if (Standing(place) is not { } found)
            return Verdict.SplitAt(place);
        if (found == Alternative.Null)
            return Verdict.No;
        if (DerivesFrom(found.Case ?? place.Type, wanted))
            return Verdict.Yes;
        // A sealed case is what it is; of anything else the static type does not tell.
        return found.Case is null ? Verdict.Depends : Verdict.No;
    }

    /// <summary>What stands at the place: as assumed, or the only thing that can; null when that is still open.</summary>
    private Alternative? Standing(Place place)
    {
        if (assumed.TryGetValue(place.Path, out var found))
            return found;
        var alternatives = place.Alternatives();
        return alternatives.Length == 1 ? alternatives[0] : null;
    }

    private Verdict IsConstant(IConstantPatternOperation pattern, Place place)
    {
        if (pattern.Value.ConstantValue is not { HasValue: true } constant)
            return Verdict.Depends;
        if (Standing(place) is not { } found)
            return Verdict.SplitAt(place);
        if (found == Alternative.Null || constant.Value is null)
            return Verdict.Of(found == Alternative.Null && constant.Value is null);
        return found.IsConstant ? Verdict.Of(Equals(found.Constant, constant.Value)) : Verdict.Depends;
    }

    private Verdict IsShaped(IRecursivePatternOperation pattern, Place place)
    {
        var verdict = IsTuple(place) ? Verdict.Yes : IsA(pattern.MatchedType, place);
        if (verdict.Answer is Answer.No or Answer.Split)
            return verdict;
        for (var i = 0; i < pattern.DeconstructionSubpatterns.Length; i++)
        {
            verdict = Element(pattern, place, i) is { } element
                ? Verdict.And(verdict, Matches(pattern.DeconstructionSubpatterns[i], element))
                : Verdict.And(verdict, Verdict.Depends);
        }

        foreach (var property in pattern.PropertySubpatterns)
        {
            verdict = Verdict.And(verdict, property.Member switch
            {
                IMemberReferenceOperation { Type: { } type } member =>
                    Matches(property.Pattern, InsideOf(pattern, place, member.Member.Name, type)),
                _ => Verdict.Depends,
            });
        }

        return verdict;
    }

    private Place? Element(IRecursivePatternOperation pattern, Place place, int index)
    {
        if (place.Type is INamedTypeSymbol { IsTupleType: true } tuple)
            return place.Inside(tuple.TupleElements[index].CorrespondingTupleField?.Name ?? "", tuple.TupleElements[index].Type);
        if (pattern.DeconstructSymbol is not IMethodSymbol method)
            return null;
        // An extension method has the deconstructed value in front.
        var parameter = method.Parameters[index + (method.IsExtensionMethod && method.IsStatic ? 1 : 0)];
        // A record's own deconstruction yields its properties: one place, however it is written.
        return InsideOf(pattern, place, (method.IsImplicitlyDeclared ? "" : "deconstructed ") + parameter.Name, parameter.Type);
    }

    /// <summary>The same name can mean different members of different cases, so the matched type belongs to the path.</summary>
    private Place InsideOf(IRecursivePatternOperation pattern, Place place, string name, ITypeSymbol type)
    {
        // The type written in a pattern does not say that its argument may be null (Known of string?); the switched value's type does.
        var standing = Standing(place)?.Case ?? place.Type;
        var declared = standing.GetMembers(name).OfType<IPropertySymbol>().FirstOrDefault()?.Type;
        return place.Inside(pattern.MatchedType.Name + "." + name, declared ?? type);
    }

    private static bool IsTuple(Place place) => place is { MayBeNull: false, Type: INamedTypeSymbol { IsTupleType: true } };

    private static bool DerivesFrom(ITypeSymbol type, ITypeSymbol wanted)
    {
        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(at, wanted))
                return true;
        }

        return type.AllInterfaces.Any(i => SymbolEqualityComparer.Default.Equals(i, wanted));
    }
}
