using Mainstay.Simulator.Language;
using Xunit;

namespace Mainstay.Simulator.Tests;

/// <summary>The reference of the language lists exactly what the parser understands.</summary>
public sealed class ReferenceTests
{
    private static readonly string File = System.IO.File.ReadAllText(Path.Combine(Repository.Root, "docs", "reference", "scenarios.md"));

    [Fact]
    public void Every_step_and_every_expectation_is_in_the_reference()
    {
        var rows = StepParser.Verbs.Select(verb => Row(verb.Pattern.Text, verb.Meaning))
            .Concat(Conditions.All.Select(condition => Row(condition.Pattern.Text, condition.Meaning))).ToList();

        var missing = rows.Where(row => !File.Contains(row, StringComparison.Ordinal)).ToList();

        Assert.True(missing.Count == 0, "Missing in docs/reference/scenarios.md:\n" + string.Join('\n', missing));
    }

    [Fact]
    public void Every_scenario_has_its_place_in_the_list()
    {
        foreach (var file in Directory.GetFiles(Repository.Scenarios, "*.scenario"))
            Assert.Contains($"`{Path.GetFileNameWithoutExtension(file)}`", File, StringComparison.Ordinal);
    }

    private static string Row(string pattern, string meaning) =>
        $"| `{pattern.Replace("|", "\\|", StringComparison.Ordinal)}` | {meaning} |";
}
