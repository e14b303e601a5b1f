using Mainstay.Simulator.Language;
using Xunit;

namespace Mainstay.Simulator.Tests;

/// <summary>A bad file is one clear error: line, value and mend.</summary>
public sealed class ParserTests
{
    private const string Start = "Prose.\n\nhosts: n1 n2 n3 memory=8G\nguests: web memory=1G on n1\n";

    /// <summary>Steps are sought by their first word.</summary>
    [Fact]
    public void No_step_begins_with_a_value() =>
        Assert.All(StepParser.Verbs, verb => Assert.True(char.IsAsciiLetterLower(verb.Pattern.Text[0]), verb.Pattern.Text));

    [Theory]
    [InlineData("at 10s power off n1", 5, "no colon")]
    [InlineData("at ten: power off n1", 5, "'ten' is not a time")]
    [InlineData("pwer off n1", 5, "unknown step 'pwer'")]
    [InlineData("power off n9", 5, "'n9' after 'power off' is not right: write a host (n1, n2, n3")]
    [InlineData("power off", 5, "ends after 'power off'")]
    [InlineData("power off n1 now", 5, "'now' after 'power off n1'")]
    [InlineData("crash n1", 5, "a guest (web)")]
    [InlineData("kill qemu n1", 5, "a process (agent, beacon, libvirtd, etcd)")]
    [InlineData("loss 130% on mgmt", 5, "a share from 0% to 100%")]
    [InlineData("cut n1 lan", 5, "a network (mgmt, stor)")]
    [InlineData("expect web runs in n1", 5, "'in' after 'web runs'")]
    [InlineData("expect within soon: web runs", 5, "'soon' after 'within' is not a time")]
    [InlineData("expect fact HostFensed", 5, "the name of a fact")]
    [InlineData("expect state web sleeping", 5, "a state of a guest")]
    [InlineData("disarm \"open", 5, "not closed")]
    [InlineData("at 10s: crash web\nat 5s: crash web", 6, "5s lies before 10s")]
    [InlineData("crash web\nhosts: n4", 6, "before the first step")]
    [InlineData("call n1 web", 5, "a name that is not in use")]
    [InlineData("crash web via n2", 5, "'via n2' fits only")]
    [InlineData("profile: fast", 5, "unknown profile 'fast'")]
    [InlineData("seed: -1", 5, "'-1' is not a seed")]
    [InlineData("options: turbo", 5, "unknown option 'turbo'")]
    [InlineData("guests: db memory=1X on n1", 5, "'1X' is not a size of memory")]
    [InlineData("guests: db memory=1G on n7", 5, "'n7' after 'on' is not a host")]
    [InlineData("guests: db", 5, "'db' has no host")]
    [InlineData("guests: web on n1", 5, "the name 'web' is in use")]
    [InlineData("guests: big memory=9G on n2\ncrash big", 6, "need 9216 MiB")]
    public void A_bad_line_is_named_with_its_mend(string line, int number, string expected)
    {
        var result = ScenarioRunner.Run(Start + line + "\n", "bad.scenario", new ScenarioOptions());

        Assert.Equal(2, result.ExitCode);
        Assert.Equal(number, result.Error?.Line);
        Assert.Contains(expected, result.Error?.What, StringComparison.Ordinal);
        Assert.StartsWith($"bad.scenario:{number}: ", result.ToText(), StringComparison.Ordinal);
        Assert.Contains("\"error\"", result.ToJson(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Only prose.\n")]
    [InlineData("hsots: n1 n2\n")]
    public void A_file_without_hosts_is_refused(string text)
    {
        var result = ScenarioRunner.Run(text, "empty.scenario", new ScenarioOptions());

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("hosts:", result.Error?.What, StringComparison.Ordinal);
    }
}
