using System.Text.RegularExpressions;

namespace Mainstay.Repo.Tests.Rules;

/// <summary>Rules about the text of any file.</summary>
internal static partial class TextRules
{
    // Put together here, so that this file does not break its own rules.
    private static readonly Regex Leftover = new("\\b(" + string.Join('|', "TO" + "DO", "FIX" + "ME", "HA" + "CK", "X" + "XX") + ")\\b");
    private static readonly Regex BuildMachine = new(
        @"(?<![\w.~$}*-])/" + "(work/(wt|main|shared|brief|repo)|tmp/bash" + "_jobs|root/|home/[a-z])");

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("no leftovers")
        {
            AppliesTo = _ => true,
            Check = file => Lines(file, Leftover),
            Mend = "Do it now, or describe the gap in the documentation as it is.",
            Bad = [new("src/A.cs", "// TO" + "DO: later"), new("a.sh", "# FIX" + "ME"), new("a.md", "HA" + "CK")],
            Good = [new("src/A.cs", "// The method of todos"), new("a.sh", "echo HACKATHON")],
        },
        new("no path of a build machine")
        {
            AppliesTo = _ => true,
            Check = file => Lines(file, BuildMachine),
            Mend = "Name it relative to the repository, or take it from the environment.",
            Bad =
            [
                new("a.sh", "cd /wo" + "rk/main"),
                new("docs/a.md", "in `/ho" + "me/anna/src`"),
                new("src/A.cs", "\"/ro" + "ot/.nuget\""),
            ],
            Good = [new("a.sh", "cd \"$root/work/wt\""), new("docs/a.md", "under `/var/lib/mainstay/work`")],
        },
        new("no regions")
        {
            AppliesTo = file => file.IsCode,
            Check = file => Lines(file, Region()),
            Mend = "A file that needs folding needs splitting.",
            Bad = [new("src/A.cs", "  #" + "region Fields\n#endregion")],
            Good = [new("src/A.cs", "// A region of memory\n#nullable enable")],
        },
        new("clean text")
        {
            AppliesTo = file => file.Text.Length > 0 && file.Name is not ("packages.lock" or "LICENSE"),
            Check = Untidy,
            Mend = "Unix line ends, no blanks at the end of a line, one line end at the end of the file, no tabs in code.",
            Bad = [new("a.sh", "a\r\n"), new("a.md", "a  \n"), new("src/A.cs", "a"), new("src/A.cs", "a\n\n"), new("src/A.cs", "\ta\n")],
            Good = [new("a.sh", "\ta\n"), new("src/A.cs", "a\n\nb\n")],
        },
    ];

    private static IEnumerable<Finding> Lines(RepoFile file, Regex pattern) =>
        from line in LengthRules.Numbered(file)
        let match = pattern.Match(line.Text)
        where match.Success
        select new Finding(line.Number, $"'{match.Value.Trim()}'");

    private static IEnumerable<Finding> Untidy(RepoFile file)
    {
        foreach (var (number, text) in LengthRules.Numbered(file))
        {
            if (text.EndsWith('\r'))
                yield return new Finding(number, "a Windows line end");
            else if (text.EndsWith(' '))
                yield return new Finding(number, "blanks at the end");
            else if (file.IsCode && text.Contains('\t', StringComparison.Ordinal))
                yield return new Finding(number, "a tab");
        }

        if (!file.Text.EndsWith('\n') || file.Text.EndsWith("\n\n", StringComparison.Ordinal))
            yield return new Finding(file.Lines.Count, "not one line end at the end");
    }

    [GeneratedRegex(@"^\s*#(end)?region\b")]
    private static partial Regex Region();
}
