using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mainstay.Repo.Tests.Rules;

/// <summary>Rules about how types are cut, named and described.</summary>
internal static partial class TypeRules
{
    // They say that something is a heap of things, not what it is for.
    private static readonly string[] EmptyWords = ["Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Manager", "Common"];

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("one public type a file")
        {
            AppliesTo = file => file.IsProduct,
            Check = SecondTypes,
            Mend = "Give it a file of its own; only plain data (enums, records without methods) may stand beside the type it serves.",
            Bad =
            [
                new("src/A.cs", "public class A { } public class B { }"),
                new("src/A.cs", "public interface A { } public record B(int C) { public int D() => 1; }"),
            ],
            Good =
            [
                new("src/A.cs", "public abstract record A { private A() { } public sealed record B : A { public int C() => 1; } }"),
                new("src/A.cs", "public interface A { B Get(); } public sealed record B(int C); public enum D { E }"),
                new("src/A.cs", "public class A { } internal class B { }"),
                new("src/A.cs", "public struct A<T> { public int B() => 1; } public static class A { public static int C() => 1; }"),
            ],
        },
        new("public types say what they are for")
        {
            AppliesTo = file => file.IsProduct,
            Check = Undescribed,
            Mend = "Add a <summary> of one sentence: its role.",
            Bad = [new("src/A.cs", "public class A { }"), new("src/A.cs", "// Nice.\npublic enum A { B }")],
            Good =
            [
                new("src/A.cs", "/// <summary>Counts sheep.</summary>\npublic class A { public class B { } }"),
                new("src/A.cs", "class A { }"),
            ],
        },
        new("names that carry meaning")
        {
            AppliesTo = file => file.IsCode,
            Check = EmptyNames,
            Mend = "Name it after what it is for.",
            Bad = [new("src/A.cs", "class TimeHelper { }"), new("src/Common/A.cs", "class A { }"), new("src/Utils.cs", "")],
            Good = [new("src/A.cs", "class UtilizationOfHosts { int CommonDivisor; }"), new("src/Uncommon.cs", "")],
        },
        new("sealed unless made to be derived from")
        {
            AppliesTo = file => file.IsProduct,
            Check = Unsealed,
            Mend = "Seal it; only an abstract base is derived from.",
            Bad = [new("src/A.cs", "public class A { }"), new("src/A.cs", "record A;")],
            Good = [new("src/A.cs", "sealed class A { } static class B { } abstract record C; struct D { } sealed partial class E { }")],
        },
    ];

    private static IEnumerable<Finding> SecondTypes(RepoFile file)
    {
        var behaving = PublicTypes(file).Where(type => !IsPlainData(type)).GroupBy(type => type.Identifier.Text).ToList();
        return behaving.Skip(1).Select(type => new Finding(
            RepoFile.LineOf(type.First().Identifier), $"'{type.Key}' beside '{behaving[0].Key}'"));
    }

    /// <summary>A closed hierarchy counts as one type and may compute; beside another type, data has nothing but members to read.</summary>
    private static bool IsPlainData(BaseTypeDeclarationSyntax type) =>
        type is EnumDeclarationSyntax
        || (type is RecordDeclarationSyntax record
            && !record.DescendantNodes().Any(n => n is MethodDeclarationSyntax or OperatorDeclarationSyntax));

    private static IEnumerable<BaseTypeDeclarationSyntax> PublicTypes(RepoFile file) =>
        file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
            .Where(type => type.Parent is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax
                && type.Modifiers.Any(SyntaxKind.PublicKeyword));

    private static IEnumerable<Finding> Undescribed(RepoFile file) =>
        from type in PublicTypes(file)
        where !type.Modifiers.Any(SyntaxKind.PartialKeyword) || type.Identifier.Text == file.Name
        let comment = type.GetLeadingTrivia().Select(t => t.GetStructure()).OfType<DocumentationCommentTriviaSyntax>().LastOrDefault()
        where comment is null || !comment.Content.OfType<XmlElementSyntax>().Any(e => e.StartTag.Name.LocalName.Text == "summary")
        select new Finding(RepoFile.LineOf(type.Identifier), $"'{type.Identifier.Text}' has no summary");

    private static IEnumerable<Finding> EmptyNames(RepoFile file)
    {
        var names = file.Syntax.DescendantNodes().Select(node => node switch
        {
            BaseTypeDeclarationSyntax type => type.Identifier,
            BaseNamespaceDeclarationSyntax space => space.Name.GetLastToken(),
            _ => default,
        });
        var inside = names.Where(token => HasEmptyWord(token.Text));
        var outside = file.Path[..^3].Split('/', '.').Where(HasEmptyWord);
        return inside.Select(token => new Finding(RepoFile.LineOf(token), $"'{token.Text}'"))
            .Concat(outside.Select(part => new Finding(1, $"'{part}' in the path")));
    }

    private static bool HasEmptyWord(string name) => Words().Matches(name).Any(word => EmptyWords.Contains(word.Value));

    private static IEnumerable<Finding> Unsealed(RepoFile file) =>
        from type in file.Syntax.DescendantNodes().OfType<TypeDeclarationSyntax>()
        where type is ClassDeclarationSyntax or RecordDeclarationSyntax { ClassOrStructKeyword.RawKind: not (int)SyntaxKind.StructKeyword }
        where !type.Modifiers.Any(m => m.Kind() is SyntaxKind.SealedKeyword or SyntaxKind.AbstractKeyword or SyntaxKind.StaticKeyword)
        select new Finding(RepoFile.LineOf(type.Identifier), $"'{type.Identifier.Text}' is open");

    [GeneratedRegex("[A-Z][a-z]+")]
    private static partial Regex Words();
}
