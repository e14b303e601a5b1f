using System.Text.RegularExpressions;

namespace Mainstay.Repo.Tests.Rules;

/// <summary>Links between pages lead somewhere.</summary>
internal static partial class PageRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("links lead somewhere")
        {
            AppliesTo = file => file.IsPage,
            Check = BrokenLinks,
            Mend = "Point it to a file of this repository, relative to the page, and to a heading that is there.",
            Bad =
            [
                new("a.md", "[x](no-such-page.md)"),
                new("a.md", "# A heading\n[x](#another-heading)"),
                new("docs/a.md", "[x](../Mainstay.slnx/b)"),
            ],
            Good =
            [
                new("a.md", "# A heading\n[x](#a-heading), [y](Mainstay.slnx), [z](https://example.org/no-such-page)"),
                new("docs/a.md", "[x](../src) and `[y](nowhere.md)`\n```\n[z](nowhere.md)\n```\n"),
            ],
        },
    ];

    /// <summary>The link targets of a page that are files of this repository, as paths from the root.</summary>
    public static IEnumerable<string> Targets(RepoFile page) =>
        Links(page).Select(link => Resolve(page, link.Target.Split('#')[0])).Where(path => path != page.Path);

    /// <summary>The anchors a page offers, as code hosts derive them from headings.</summary>
    private static IEnumerable<string> Anchors(RepoFile page) =>
        Prose(page).Where(l => l.Text.StartsWith('#')).Select(l => NotInAnchors()
            .Replace(l.Text.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    private static IEnumerable<Finding> BrokenLinks(RepoFile page)
    {
        foreach (var (line, target) in Links(page))
        {
            var parts = target.Split('#');
            var path = Resolve(page, parts[0]);
            if (path != page.Path && !Repository.Here.Contains(path))
                yield return new Finding(line, $"no file '{path}'");
            else if (parts.Length > 1 && path.EndsWith(".md", StringComparison.Ordinal)
                && !Anchors(path == page.Path ? page : Repository.Here.File(path)).Contains(parts[1]))
                yield return new Finding(line, $"no heading '#{parts[1]}' in {path}");
        }
    }

    private static IEnumerable<(int Line, string Target)> Links(RepoFile page) =>
        from line in Prose(page)
        from match in Link().Matches(CodeSpan().Replace(line.Text, ""))
        let target = match.Groups[1].Value
        where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
        select (line.Number, target);

    private static IEnumerable<(int Number, string Text)> Prose(RepoFile page)
    {
        var inBlock = false;
        foreach (var line in LengthRules.Numbered(page))
        {
            var isFence = line.Text.TrimStart().StartsWith("```", StringComparison.Ordinal);
            inBlock ^= isFence;
            if (!inBlock && !isFence)
                yield return line;
        }
    }

    private static string Resolve(RepoFile page, string target) => target.Length == 0
        ? page.Path
        : Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", page.Folder, target))).TrimEnd('/');

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
