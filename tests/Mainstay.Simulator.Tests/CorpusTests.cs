using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Mainstay.Simulator.Tests;

/// <summary>The 68 failures of the corpus: each is a scenario under its name, or the reason why there is none stands on the page.</summary>
public sealed partial class CorpusTests
{
    private const int Size = 68;

    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reference", "scenario-corpus.md"));
    private static readonly int Divide = Page.IndexOf("## Without a scenario", StringComparison.Ordinal);

    public static TheoryData<string> Played => [.. Rows(Page[..Divide]).Select(row => row.Name)];

    [Fact]
    public void Every_number_stands_on_the_page_once()
    {
        var numbers = Rows(Page).Select(row => row.Number).Order().ToList();

        Assert.Equal(Enumerable.Range(1, Size), numbers);
    }

    [Fact]
    public void What_has_no_scenario_has_a_reason()
    {
        foreach (var (_, name) in Rows(Page[Divide..]))
            Assert.False(File.Exists(FileOf(name)), $"{name} has a scenario: its row belongs into the first table.");
    }

    [Theory]
    [MemberData(nameof(Played))]
    public void A_scenario_of_the_corpus_says_what_happens_without_the_guard(string name)
    {
        Assert.True(File.Exists(FileOf(name)), $"tests/scenarios/{name}.scenario is missing.");
        var text = File.ReadAllText(FileOf(name));

        var prose = text[..text.IndexOf("hosts:", StringComparison.Ordinal)];

        Assert.Matches(Otherwise(), prose);
    }

    private static string FileOf(string name) => Path.Combine(Repository.Scenarios, name + ".scenario");

    private static IEnumerable<(int Number, string Name)> Rows(string text) =>
        Row().Matches(text).Select(row => (int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture), row.Groups[2].Value));

    [GeneratedRegex(@"^\| (\d+) \| `([^`]+)` \| \S", RegexOptions.Multiline)]
    private static partial Regex Row();

    /// <summary>The words by which these texts speak of what is not so.</summary>
    [GeneratedRegex(@"\b([Ww]ithout|would)\b")]
    private static partial Regex Otherwise();
}
