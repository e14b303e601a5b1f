using System.Collections.Immutable;
using Mainstay.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Mainstay.Repo.Tests.Analyzers;

public sealed class ClosedHierarchySuppressorTests
{
    private const string Types = """
        #nullable enable
        using System;
        public abstract record Shape
        {
            private Shape() { }
            public sealed record Dot : Shape;
            public sealed record Circle(int Radius) : Shape;
            public sealed record Box(int Width, bool Filled, Seen<Color> Paint) : Shape;
        }
        public abstract record Seen<T>
        {
            private Seen() { }
            public sealed record Known(T Value) : Seen<T>;
            public sealed record Unknown(string Why) : Seen<T>;
        }
        public abstract record Open
        {
            public sealed record A : Open;
            public sealed record B : Open;
        }
        public abstract record Unsealed
        {
            private Unsealed() { }
            public sealed record A : Unsealed;
            public record B : Unsealed;
        }
        public abstract record Tree
        {
            private Tree() { }
            public sealed record Leaf : Tree;
            public abstract record Inner : Tree
            {
                private Inner() { }
                public sealed record Left : Inner;
                public sealed record Right : Inner;
            }
        }
        public abstract record Fact { private protected Fact() { } }
        public sealed record Began : Fact;
        public sealed record Ended : Fact;
        public enum Color { Red, Green }
        """;

    [Theory]
    [InlineData("Shape s", "s switch { Shape.Dot => 0, Shape.Circle => 1, Shape.Box => 2 }")]
    [InlineData("Shape s", "s switch { Shape.Dot d => 0, Shape.Circle { } c => 1, Shape.Box(_, var f, _) b => 2 }")]
    [InlineData("Shape s", "s switch { Shape.Dot or Shape.Circle => 0, Shape.Box => 2 }")]
    [InlineData("Shape s", "s switch { Shape.Dot => 0, not Shape.Box => 1, Shape.Box => 2 }")]
    [InlineData("Shape s", "s switch { Shape.Dot => 0, Shape.Circle { Radius: 0 } => 9, Shape.Circle => 1, Shape.Box => 2 }")]
    [InlineData("Shape s", "s switch { Shape.Dot => 0, Shape.Circle c when c.Radius > 3 => 9, Shape.Circle => 1, Shape.Box => 2 }")]
    [InlineData("Shape s", "s switch { Shape.Dot => 0, Shape.Circle => 1, Shape.Box { Filled: true } => 2, "
        + "Shape.Box { Filled: false } => 3 }")]
    [InlineData("Shape s", "s switch { Shape.Dot => 0, Shape.Circle => 1, Shape.Box(_, true, _) => 2, Shape.Box { Filled: false } => 3 }")]
    [InlineData("Shape s", "s switch { Shape.Dot => 0, Shape.Circle => 1, "
        + "Shape.Box { Paint: Seen<Color>.Known { Value: Color.Red } } => 2, "
        + "Shape.Box { Paint: Seen<Color>.Known { Value: Color.Green } } => 3, Shape.Box { Paint: Seen<Color>.Unknown } => 4 }")]
    [InlineData("Shape? s", "s switch { null => 7, Shape.Dot => 0, Shape.Circle => 1, Shape.Box => 2 }")]
    [InlineData("Seen<int> s", "s switch { Seen<int>.Known(var v) => v, Seen<int>.Unknown => 1 }")]
    [InlineData("Seen<Color> s", "s switch { Seen<Color>.Known(Color.Red) => 0, Seen<Color>.Known(Color.Green) => 1, "
        + "Seen<Color>.Unknown => 2 }")]
    [InlineData("Seen<int?> s", "s switch { Seen<int?>.Known(null) => 0, Seen<int?>.Known(var v) => 1, Seen<int?>.Unknown => 2 }")]
    [InlineData("Seen<string?> s", "s switch { Seen<string?>.Known { Value: { } v } => 0, Seen<string?>.Known => 1, "
        + "Seen<string?>.Unknown => 2 }")]
    [InlineData("Seen<string?> s", "s switch { Seen<string?>.Known(string v) => 0, Seen<string?>.Known(null) => 1, "
        + "Seen<string?>.Unknown => 2 }")]
    [InlineData("Tree s", "s switch { Tree.Leaf => 0, Tree.Inner => 1 }")]
    [InlineData("Tree s", "s switch { Tree.Leaf => 0, Tree.Inner.Left => 1, Tree.Inner.Right => 2 }")]
    [InlineData("Fact s", "s switch { Began => 0, Ended => 1 }")]
    [InlineData("Seen<int> s, bool b", "(s, b) switch { (Seen<int>.Known, true) => 0, (Seen<int>.Known, false) => 1, (Seen<int>.Unknown, "
        + "_) => 2 }")]
    [InlineData("Seen<int> s, Tree t", "(s, t) switch { (Seen<int>.Known, Tree.Leaf) => 0, (_, Tree.Inner) => 1, (Seen<int>.Unknown, "
        + "_) => 2 }")]
    public async Task A_switch_over_every_case_is_accepted(string parameters, string expression) =>
        Assert.Empty(await Compile(parameters, expression));

    [Theory]
    [InlineData("Shape s", "s switch { Shape.Dot => 0, Shape.Circle => 1 }")]
    [InlineData("Shape s", "s switch { Shape.Dot => 0, Shape.Circle { Radius: 0 } => 1, Shape.Box => 2 }")]
    [InlineData("Shape s", "s switch { Shape.Dot => 0, Shape.Circle c when c.Radius > 3 => 1, Shape.Box => 2 }")]
    [InlineData("Shape s", "s switch { Shape.Dot => 0, Shape.Circle => 1, Shape.Box { Filled: true } => 2 }")]
    [InlineData("Shape s", "s switch { Shape.Dot => 0, Shape.Circle => 1, "
        + "Shape.Box { Paint: Seen<Color>.Known { Value: Color.Red } } => 2, "
        + "Shape.Box { Paint: Seen<Color>.Unknown } => 4 }")]
    [InlineData("Shape? s", "s switch { Shape.Dot => 0, Shape.Circle => 1, Shape.Box => 2 }")]
    [InlineData("Seen<int> s", "s switch { Seen<int>.Known => 0 }")]
    [InlineData("Seen<string> s", "s switch { Seen<string>.Known(\"x\") => 0, Seen<string>.Known(not \"y\") => 1, "
        + "Seen<string>.Unknown => 2 }")]
    [InlineData("Seen<string?> s", "s switch { Seen<string?>.Known { Value: { } v } => 0, Seen<string?>.Unknown => 2 }")]
    [InlineData("Seen<string?> s", "s switch { Seen<string?>.Known(string v) => 0, Seen<string?>.Unknown => 2 }")]
    [InlineData("Open s", "s switch { Open.A => 0, Open.B => 1 }")]
    [InlineData("Unsealed s", "s switch { Unsealed.A => 0, Unsealed.B => 1 }")]
    [InlineData("Tree s", "s switch { Tree.Leaf => 0, Tree.Inner.Left => 1 }")]
    [InlineData("Fact s", "s switch { Began => 0 }")]
    [InlineData("Seen<int> s, bool b", "(s, b) switch { (Seen<int>.Known, true) => 0, (Seen<int>.Unknown, _) => 2 }")]
    public async Task A_missing_case_still_fails_the_build(string parameters, string expression) =>
        Assert.Contains(await Compile(parameters, expression), id => id is "CS8509" or "CS8655");

    /// <summary>Compiles as the build does, warnings as errors, and returns what is left to complain about.</summary>
    private static async Task<ImmutableArray<string>> Compile(string parameters, string expression)
    {
        var source = Types + $$"""

            public static class Probe { public static int Of({{parameters}}) => {{expression}}; }
            """;
        var references = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable,
            generalDiagnosticOption: ReportDiagnostic.Error);
        var compilation = CSharpCompilation.Create(
            "Probe", [CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken)], references, options);
        var withSuppressor = compilation.WithAnalyzers([new ClosedHierarchySuppressor()]);
        var found = await withSuppressor.GetAllDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(found, d => d.Id.StartsWith("AD", StringComparison.Ordinal));
        return [.. found.Where(d => !d.IsSuppressed && d.Severity == DiagnosticSeverity.Error).Select(d => d.Id)];
    }
}
