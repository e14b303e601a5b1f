using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Tests;

/// <summary>The lab's commands behave in a pipe and in a script as they do at a terminal.</summary>
[Collection("lab")]
public sealed class LabCommandTests
{
    private static readonly string Name = $"tcmd{Checkout.Slot}";
    private static readonly string Management = $"10.93.{100 + Checkout.Slot}";
    private static readonly string Storage = $"10.94.{100 + Checkout.Slot}";

    private static string Program => Path.Combine(Checkout.Programs, "mainstay");

    [Fact]
    public async Task Up_ends_in_a_pipe_while_the_lab_stays_and_commands_run_on_its_hosts()
    {
        BareLab.RequireMachine();
        Assert.SkipUnless(File.Exists(Program), "scripts/build.sh has not been run");
        var before = Traces.Now();
        try
        {
            // Whoever reads the output must see its end, although the lab lives on.
            var up = await Shell(
                $"{Program} lab up --name {Name} --bare --hosts 1 --guests 0 --mgmt {Management} --stor {Storage} | cat");
            Assert.Contains(Management + ".1", up.OutputOr("lab up"), StringComparison.Ordinal);
            Assert.Equal("n1", (await Shell($"{Program} lab exec --name {Name} n1 -- hostname")).OutputOr("exec"));
            Assert.Equal("n1", (await Shell($"{Program} lab shell --name {Name} n1 hostname")).OutputOr("shell with a command"));
            Assert.Equal("n1", (await Shell($"echo hostname | {Program} lab shell --name {Name} n1")).OutputOr("shell in a pipe"));
            var failed = await Shell($"{Program} lab exec --name {Name} n1 -- sh -c 'exit 7'");
            Assert.Equal(7, Assert.IsType<CommandOutcome.Exited>(failed).Code);
        }
        finally
        {
            await LabCluster.Down(LabOptions.DefaultStateDirectory(Name), CancellationToken.None);
        }

        Traces.AssertNothingNew(before, LabOptions.DefaultStateDirectory(Name));
    }

    private static Task<CommandOutcome> Shell(string line) => BareLab.Program("bash", "-o", "pipefail", "-c", line);
}
