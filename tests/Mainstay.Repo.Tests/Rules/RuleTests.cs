using Xunit;

namespace Mainstay.Repo.Tests.Rules;

public sealed class RuleTests
{
    private static readonly Rule[] All =
        [.. LengthRules.All, .. TextRules.All, .. TypeRules.All, .. StatementRules.All, .. ProjectRules.All, .. PageRules.All];

    public static TheoryData<string> Names => [.. All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_file_keeps_the_rule(string name)
    {
        var broken = Named(name).Broken(Repository.Here.Files).ToList();
        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_rule_finds_its_bad_examples(string name)
    {
        var rule = Named(name);
        Assert.NotEmpty(rule.Bad);
        foreach (var example in rule.Bad)
            Assert.True(rule.Broken([example]).Any(), $"'{name}' finds nothing wrong with:\n{example.Path}\n{example.Text}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_rule_leaves_its_good_examples_alone(string name)
    {
        var rule = Named(name);
        Assert.NotEmpty(rule.Good);
        foreach (var example in rule.Good)
            Assert.Empty(rule.Broken([example]));
    }

    [Fact]
    public void Rule_names_are_unique() => Assert.Equal(All.Length, All.Select(r => r.Name).Distinct().Count());

    private static Rule Named(string name) => All.Single(rule => rule.Name == name);
}
