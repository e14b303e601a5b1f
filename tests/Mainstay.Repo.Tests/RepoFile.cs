using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Mainstay.Repo.Tests;

/// <summary>One file with its path from the root. A rule's example is one, too.</summary>
internal sealed class RepoFile(string path, string text)
{
    private readonly Lazy<SyntaxNode> syntax = new(() => CSharpSyntaxTree.ParseText(text).GetRoot());

    public string Path { get; } = path;

    /// <summary>Empty for a file that is not text.</summary>
    public string Text { get; } = text;

    public IReadOnlyList<string> Lines { get; } = text.Split('\n');

    public SyntaxNode Syntax => syntax.Value;

    public bool IsCode => Path.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>Code that ships, as against tests.</summary>
    public bool IsProduct => IsCode && Path.StartsWith("src/", StringComparison.Ordinal);

    public bool IsTest => IsCode && Path.StartsWith("tests/", StringComparison.Ordinal);

    public bool IsProject => Path.EndsWith(".csproj", StringComparison.Ordinal);

    public bool IsPage => Path.EndsWith(".md", StringComparison.Ordinal);

    public bool IsScript => Path.EndsWith(".sh", StringComparison.Ordinal) || Text.StartsWith("#!", StringComparison.Ordinal);

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string Folder => System.IO.Path.GetDirectoryName(Path) ?? "";

    public static RepoFile Read(string root, string path)
    {
        var bytes = File.ReadAllBytes(System.IO.Path.Combine(root, path));
        return new RepoFile(path, Array.IndexOf(bytes, (byte)0) >= 0 ? "" : Encoding.UTF8.GetString(bytes));
    }

    public static int LineOf(SyntaxNodeOrToken node) => LineOf(node.GetLocation()!);

    public static int LineOf(Location location) => location.GetLineSpan().StartLinePosition.Line + 1;
}
