using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Mainstay.Analyzers;

/// <summary>
/// The cases of an abstract class that nobody else can derive from: its constructors are private and the cases are nested in it, or its
/// constructors are reachable in its own assembly only and the cases are the classes there. Every case is sealed, or closed itself.
/// </summary>
internal static class ClosedHierarchy
{
    /// <summary>The sealed cases, in source order; null when the hierarchy is not closed.</summary>
    public static ImmutableArray<INamedTypeSymbol>? CasesOf(INamedTypeSymbol type)
    {
        if (type is not { TypeKind: TypeKind.Class, IsAbstract: true })
            return null;
        var constructors = type.InstanceConstructors.Where(c => !IsCopyConstructor(c, type)).ToList();
        // The compiler does not read private members of another assembly: there a closed base shows no constructor at all.
        IEnumerable<INamedTypeSymbol> candidates;
        if (constructors.All(c => c.DeclaredAccessibility == Accessibility.Private))
            candidates = NestedIn(type);
        else if (constructors.All(c => c.DeclaredAccessibility is Accessibility.Private or Accessibility.ProtectedAndInternal
                     or Accessibility.Internal) && !type.IsGenericType)
            candidates = type.ContainingAssembly.GlobalNamespace.GetMembers().SelectMany(AllTypes);
        else
            return null;

        var cases = ImmutableArray.CreateBuilder<INamedTypeSymbol>();
        foreach (var candidate in candidates)
        {
            if (!SymbolEqualityComparer.Default.Equals(candidate.BaseType, type))
                continue;
            // A case with type parameters of its own stands for endlessly many types.
            if (candidate.TypeParameters.Length > 0)
                return null;
            if (candidate.IsSealed)
                cases.Add(candidate);
            else if (CasesOf(candidate) is { } inner)
                cases.AddRange(inner);
            else
                return null;
        }

        return cases.Count == 0 ? null : cases.ToImmutable();
    }

    /// <summary>A record's own copy constructor is protected, but without another reachable constructor nobody can build on it.</summary>
    private static bool IsCopyConstructor(IMethodSymbol constructor, INamedTypeSymbol type) =>
        type.IsRecord && constructor.Parameters.Length == 1
        && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, type);

    private static IEnumerable<INamedTypeSymbol> NestedIn(INamedTypeSymbol type) =>
        type.GetTypeMembers().SelectMany(nested => new[] { nested }.Concat(NestedIn(nested)));

    private static IEnumerable<INamedTypeSymbol> AllTypes(INamespaceOrTypeSymbol member) => member switch
    {
        INamespaceSymbol inner => inner.GetMembers().SelectMany(AllTypes),
        INamedTypeSymbol type => new[] { type }.Concat(NestedIn(type)),
        _ => [],
    };
}
