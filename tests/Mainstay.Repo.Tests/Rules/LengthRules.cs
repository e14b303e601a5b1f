using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mainstay.Repo.Tests.Rules;

/// <summary>Files, methods and lines that fit a reader's head and screen.</summary>
internal static class LengthRules
{
    private const int MaxFile = 300;
    private const int MaxMethod = 60;
    private const int MaxLine = 140;

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("short files")
        {
            AppliesTo = file => file.IsCode,
            Check = file => file.Lines.Count - 1 > MaxFile ? [new Finding(MaxFile + 1, $"{file.Lines.Count - 1} lines")] : [],
            Mend = $"Split it by responsibility: at most {MaxFile} lines.",
            Bad = [new("src/A.cs", string.Concat(Enumerable.Repeat("// x\n", MaxFile + 1)))],
            Good = [new("src/A.cs", string.Concat(Enumerable.Repeat("// x\n", MaxFile)))],
        },
        new("short methods")
        {
            AppliesTo = file => file.IsCode,
            Check = LongMethods,
            Mend = $"Give a part of it a name of its own: at most {MaxMethod} lines.",
            Bad = [Method(MaxMethod - 2), new("src/A.cs", "class A { int B { get {" + new string('\n', MaxMethod) + "return 1; } } }")],
            Good = [Method(MaxMethod - 3)],
        },
        new("short lines")
        {
            AppliesTo = file => file.IsCode || file.IsScript,
            Check = file => from line in Numbered(file)
                            where line.Text.Length > MaxLine
                            select new Finding(line.Number, $"{line.Text.Length} columns"),
            Mend = $"Break it: at most {MaxLine} columns.",
            Bad = [new("src/A.cs", new string('x', MaxLine + 1)), new("a.sh", new string('x', MaxLine + 1))],
            Good = [new("src/A.cs", new string('x', MaxLine)), new("a.md", new string('x', 500))],
        },
    ];

    public static IEnumerable<(int Number, string Text)> Numbered(RepoFile file) => file.Lines.Select((text, i) => (i + 1, text));

    private static RepoFile Method(int statements) =>
        new("src/A.cs", "class A {\n    void B()\n    {\n" + string.Concat(Enumerable.Repeat("        C();\n", statements)) + "    }\n}\n");

    private static IEnumerable<Finding> LongMethods(RepoFile file) =>
        from node in file.Syntax.DescendantNodes()
        where node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
            or PropertyDeclarationSyntax { ExpressionBody: not null }
        let first = RepoFile.LineOf(FirstTokenAfterAttributes(node))
        let last = node.GetLocation().GetLineSpan().EndLinePosition.Line + 1
        where last - first + 1 > MaxMethod
        select new Finding(first, $"a method of {last - first + 1} lines");

    /// <summary>Rows of test data above a method are not part of its length.</summary>
    private static SyntaxToken FirstTokenAfterAttributes(SyntaxNode node) =>
        node.ChildNodesAndTokens().First(child => !child.IsKind(SyntaxKind.AttributeList)) is var child && child.IsToken
            ? child.AsToken()
            : child.AsNode()?.GetFirstToken() ?? node.GetFirstToken();
}
