using System.CommandLine;
using System.Globalization;
using Mainstay.Lab.Bench;
using Mainstay.Lab.Demo;
using Mainstay.Lab.Guests;
using Mainstay.Lab.Soak;

namespace Mainstay.Lab;

/// <summary>The commands below <c>mainstay lab</c>. Exit code 0: done; 1: it could not be done, the reason is on standard error.</summary>
public static class LabCommands
{
    private static readonly Option<string> Name = new("--name")
    {
        Description = "Which lab; two can live side by side.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("MAINSTAY_LAB") ?? "lab",
        Recursive = true,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object.", Recursive = true };

    public static Command BuildLabCommand()
    {
        var lab = new Command("lab", """
            Several real hosts on this machine, to try Mainstay out, to test and to measure.

            Examples:
              mainstay lab up --hosts 3 --guests 6
              mainstay lab up --hosts 5 --guests 10 --fence instant
              mainstay lab up --bare --guests 0
              mainstay lab kill n1
              mainstay lab cut n2 --net mgmt --direction out
              mainstay lab shell n3
              mainstay lab down
            """);
        lab.Options.Add(Name);
        lab.Options.Add(Json);
        lab.Subcommands.Add(LabUpCommand.Build(Name, Json));
        lab.Subcommands.Add(Supervise());
        lab.Subcommands.Add(Down());
        lab.Subcommands.Add(LabStatusCommand.Build(Name, Json));
        lab.Subcommands.Add(LabShellCommand.BuildShell(Name));
        lab.Subcommands.Add(LabShellCommand.BuildExec(Name));
        lab.Subcommands.Add(Check());
        lab.Subcommands.Add(DemoCommand.Build(Json));
        lab.Subcommands.Add(BenchCommands.Build(Name, Json));
        lab.Subcommands.Add(SoakCommand.Build(Name, Json));
        foreach (var fault in LabFaultCommands.Build(Name))
            lab.Subcommands.Add(fault);
        return lab;
    }

    /// <summary>Runs a command's work and turns what went wrong into a sentence and an exit code.</summary>
    internal static async Task<int> Guarded(Func<Task<int>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (LabException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return 1;
        }
        catch (IOException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return 1;
        }
        catch (UnauthorizedAccessException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return 1;
        }
    }

    /// <summary>Attaches to the lab that is meant and does something with it.</summary>
    internal static Task<int> With(ParseResult parsed, Option<string> name, Func<LabCluster, Task<int>> work, CancellationToken cancel) =>
        Guarded(async () =>
        {
            await using var lab = await LabCluster.Attach(LabOptions.DefaultStateDirectory(parsed.GetRequiredValue(name)), cancel)
                .ConfigureAwait(false);
            return await work(lab).ConfigureAwait(false);
        });

    private static Command Supervise()
    {
        var state = new Argument<string>("directory");
        var supervise = new Command("supervise", "Holds a lab; started by 'lab up'.") { Hidden = true };
        supervise.Arguments.Add(state);
        supervise.SetAction((parsed, cancel) => Guarded(() => LabSupervisor.Run(parsed.GetRequiredValue(state), cancel)));
        return supervise;
    }

    private static Command Down()
    {
        var down = new Command("down", "End the lab and remove all of it, also what a crash left behind.");
        down.SetAction((parsed, cancel) => Guarded(async () =>
        {
            var name = parsed.GetRequiredValue(Name);
            var was = await LabCluster.Down(LabOptions.DefaultStateDirectory(name), cancel).ConfigureAwait(false);
            await Console.Error.WriteLineAsync(was ? $"The lab '{name}' is gone." : $"There was no lab '{name}'.").ConfigureAwait(false);
            return 0;
        }));
        return down;
    }

    private static Command Check()
    {
        var check = new Command("check", "Read every guest's disk and say whether anything ever ran twice. Exit code 1 if it did.");
        check.SetAction((parsed, cancel) => With(parsed, Name, lab =>
        {
            var reports = GuestSetup.CheckDisks(lab);
            foreach (var (guest, report) in reports)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{guest,-12} {report.Beats,6} beats  {report.Lives} lives  "
                    + $"longest silence {report.LongestSilence.TotalSeconds:0.0} s  "
                    + $"{(report.DoubleRuns.Count == 0 ? "never ran twice" : "RAN TWICE: " + report.DoubleRuns[0])}"));
            }

            return Task.FromResult(reports.Values.Any(report => report.DoubleRuns.Count > 0) ? 1 : 0);
        }, cancel));
        return check;
    }
}
