using Xunit;

namespace Mainstay.Simulator.Tests;

/// <summary>Every scenario of <c>tests/scenarios</c> comes out as it says (T2).</summary>
public sealed class GoldenScenarioTests
{
    public static TheoryData<string> Names =>
    [
        .. Directory.GetFiles(Repository.Scenarios, "*.scenario")
            .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Comes_out_as_it_says(string name)
    {
        var file = Path.Combine(Repository.Scenarios, name + ".scenario");

        var result = ScenarioRunner.Run(File.ReadAllText(file), file, new ScenarioOptions());

        Assert.True(result.Passed, result.ToText());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Says_what_it_is_about(string name)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Scenarios, name + ".scenario"));

        var prose = text[..text.IndexOf("hosts:", StringComparison.Ordinal)];

        Assert.True(prose.Trim().Length > 60, "A scenario begins with prose: what happens, and what would go wrong without the guard.");
    }
}
