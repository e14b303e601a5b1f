using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mainstay.Repo.Tests.Rules;

/// <summary>Rules about what code does. What a type or method of the library is called is banned by BannedSymbols.txt instead.</summary>
internal static class StatementRules
{
    // The one top-level loop of a process, which ends it in order. In the simulator a process is an object.
    private static readonly string[] TopLevelLoops = ["Supervisor", "Program", "AgentProcess"];

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("tests wait for conditions")
        {
            AppliesTo = file => file.IsTest,
            Check = file => Find<MemberAccessExpressionSyntax>(file, m => m.ToString() is "Thread" + ".Sleep", "a fixed sleep"),
            Mend = "Wait for the condition itself, with a deadline.",
            Bad = [new("tests/A.cs", "class A { void B() { Thread.Sleep(100); } }")],
            Good = [new("tests/A.cs", "class A { async Task B() => await Until(() => done); }")],
        },
        new("no async void")
        {
            AppliesTo = file => file.IsCode,
            Check = file => Find<MethodDeclarationSyntax>(file, m => m.Modifiers.Any(SyntaxKind.AsyncKeyword)
                && m.ReturnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword }, "async void"),
            Mend = "Return a Task that somebody awaits.",
            Bad = [new("src/A.cs", "class A { async void B() { } }")],
            Good = [new("src/A.cs", "class A { async Task B() { } void C() { } }")],
        },
        new("no blocking on tasks")
        {
            AppliesTo = file => file.IsCode,
            Check = file => Find<MemberAccessExpressionSyntax>(
                file, m => m.ToString().EndsWith("GetAwaiter()." + "GetResult", StringComparison.Ordinal), "blocks a thread"),
            Mend = "Await it (C10). Result and Wait are banned by BannedSymbols.txt.",
            Bad = [new("src/A.cs", "class A { int B() => C().GetAwaiter().GetResult(); }")],
            Good = [new("src/A.cs", "class A { async Task<int> B() => (await C()).Result; }")],
        },
        new("exceptions are caught by type")
        {
            AppliesTo = file => file.IsProduct && !TopLevelLoops.Contains(file.Name),
            Check = file => Find<CatchClauseSyntax>(file, IsCatchAll, "catches whatever comes"),
            Mend = "Name the types that are expected and turn them into a value; a bug is to crash (C7).",
            Bad =
            [
                new("src/A.cs", "class A { void B() { try { } catch (Exception e) { } } }"),
                new("src/A.cs", "class A { void B() { try { } catch { } } }"),
            ],
            Good =
            [
                new("src/A.cs", "class A { void B() { try { } catch (IOException) { } } }"),
                new("src/A.cs", "class A { void B() { try { } catch { Undo(); throw; } } }"),
                new("src/A.cs", "class A { void B() { try { } catch (Exception e) when (e is IOException) { } } }"),
                new("src/Agent/Supervisor.cs", "class A { void B() { try { } catch (Exception e) { } } }"),
            ],
        },
        new("null is handled, not denied")
        {
            AppliesTo = file => file.IsProduct,
            Check = file => Find<PostfixUnaryExpressionSyntax>(
                file, e => e.IsKind(SyntaxKind.SuppressNullableWarningExpression), "the ! operator"),
            Mend = "Handle the null, or shape the type so that it cannot be one (C6).",
            Bad = [new("src/A.cs", "class A { int B(string? c) => c!.Length; }")],
            Good = [new("src/A.cs", "class A { bool B(string? c) => c != null && !c.Any(); }")],
        },
        new("no commented-out code")
        {
            AppliesTo = file => file.IsCode,
            Check = CommentedOut,
            Mend = "Delete it: git keeps it.",
            Bad =
            [
                new("src/A.cs", "class A\n{\n    // var x = Compute(1);\n}"),
                new("src/A.cs", "// if (ready) {\n//     Go();\n// }\nclass A { }"),
            ],
            Good =
            [
                new("src/A.cs", "// The reply is lost; the inventory decides.\n// See 3.2;\n// S2: the proof.\nclass A { }"),
                new("src/A.cs", "/// <code>Go();</code>\nclass A { }"),
            ],
        },
        new("cancel comes last and always")
        {
            AppliesTo = file => file.IsProduct,
            Check = Cancellation,
            Mend = "The last parameter, named cancel, without a default: a caller that does not pass one on has to say so (C11).",
            Bad =
            [
                new("src/A.cs", "class A { Task B(CancellationToken cancel, int c) => D(); }"),
                new("src/A.cs", "class A { Task B(CancellationToken cancel = default) => D(); }"),
                new("src/A.cs", "class A { internal Task B(CancellationToken token) => D(); }"),
            ],
            Good =
            [
                new("src/A.cs", "class A { Task B(int c, CancellationToken cancel) => D(); }"),
                new("src/A.cs", "class A { protected override Task B(CancellationToken stoppingToken) => D(); }"),
            ],
        },
        new("no locks")
        {
            AppliesTo = file => file.IsProduct,
            Check = file => Find<LockStatementSyntax>(file, _ => true, "a lock"),
            Mend = "Give the state one owner that the others send to (C10).",
            Bad = [new("src/A.cs", "class A { void B() { lock (this) { } } }")],
            Good = [new("src/A.cs", "class A { int unlock; }")],
        },
    ];

    private static IEnumerable<Finding> Find<T>(RepoFile file, Func<T, bool> isBad, string what)
        where T : SyntaxNode =>
        file.Syntax.DescendantNodes().OfType<T>().Where(isBad).Select(node => new Finding(RepoFile.LineOf(node), what));

    private static bool IsCatchAll(CatchClauseSyntax clause) =>
        clause.Filter is null && clause.Declaration?.Type.ToString() is null or "Exception" or "System.Exception"
        && clause.Block.Statements.LastOrDefault() is not ThrowStatementSyntax;

    private static IEnumerable<Finding> CommentedOut(RepoFile file) =>
        from trivia in file.Syntax.DescendantTrivia()
        where trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)
        let text = trivia.ToString().TrimStart('/', '*').TrimEnd('/', '*').Trim()
        where LooksLikeCode(text)
        select new Finding(RepoFile.LineOf(trivia.GetLocation()), $"'{text}'");

    private static bool LooksLikeCode(string text)
    {
        if (text.EndsWith('{') || text is "}" or "};" or "});")
            return true;
        if (!text.EndsWith(';'))
            return false;
        var statement = SyntaxFactory.ParseStatement(text);
        return !statement.ContainsDiagnostics && statement.FullSpan.Length == text.Length;
    }

    /// <summary>Inside a type a narrowed token may say by what (limited).</summary>
    private static bool IsPrivate(MethodDeclarationSyntax method) => method.Modifiers.Any(SyntaxKind.PrivateKeyword);

    private static IEnumerable<Finding> Cancellation(RepoFile file) =>
        from method in file.Syntax.DescendantNodes().OfType<MethodDeclarationSyntax>()
        where !method.Modifiers.Any(SyntaxKind.OverrideKeyword)
        let last = method.ParameterList.Parameters.LastOrDefault(p => p.Type?.ToString() == "CancellationToken")
        where last is not null
        where last != method.ParameterList.Parameters[^1] || last.Default is not null
            || (last.Identifier.Text != "cancel" && !IsPrivate(method))
        select new Finding(RepoFile.LineOf(last), $"'{last}'");
}
