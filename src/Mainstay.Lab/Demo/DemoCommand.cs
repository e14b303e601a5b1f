using System.CommandLine;
using System.Text.Json;
using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Demo;

/// <summary>
/// <c>mainstay lab demo</c>, what <c>./demo.sh</c> runs: the main job before one's eyes, with the proof that it was done well.
/// </summary>
internal static class DemoCommand
{
    private const string LabName = "demo";

    private static readonly Option<int> GuestCount = new("--guests") { Description = "How many guests.", DefaultValueFactory = _ => 6 };

    private static readonly Option<LabFence> Fence = new("--fence")
    {
        Description = "How hosts are fenced: Ipmi (fence_ipmilan and a simulated BMC) or Instant (a switch that answers at once).",
        DefaultValueFactory = _ => LabFence.Ipmi,
    };

    private static readonly Option<bool> Keep = new("--keep") { Description = "Leave the lab up to play with, and say how." };

    private static readonly Option<string[]> Programs = new("--programs")
    {
        Description = "Directories with mainstay, mainstay-agent and mainstay-beacon, instead of MAINSTAY_BIN and this program's own.",
    };

    public static Command Build(Option<bool> json)
    {
        var demo = new Command("demo",
            "Bring up three hosts and their guests, take the power of the host that runs most of them, show what happens, and clean up. "
            + "Exit code 0: every guest runs and none ran twice.") { GuestCount, Fence, Keep, Programs };
        demo.SetAction((parsed, cancel) => Run(Options(parsed), parsed.GetValue(json), cancel));
        return demo;
    }

    private static DemoOptions Options(ParseResult parsed)
    {
        var lab = new LabOptions
        {
            Name = LabName,
            StateDirectory = LabOptions.DefaultStateDirectory(LabName),
            // Not those of 'lab up', so that a lab may be up beside it.
            ManagementPrefix = "10.87.0",
            StoragePrefix = "10.88.0",
        };
        return new DemoOptions
        {
            Lab = parsed.GetValue(Programs) is { Length: > 0 } programs
                ? lab with { ProgramDirectories = [.. programs.Select(Path.GetFullPath)] } : lab,
            Guests = parsed.GetRequiredValue(GuestCount),
            Fence = parsed.GetRequiredValue(Fence),
            Keep = parsed.GetValue(Keep),
        };
    }

    private static async Task<int> Run(DemoOptions options, bool json, CancellationToken cancel)
    {
        DemoReport report;
        var code = 0;
        var run = new DemoRun(options, new Narrator(json ? Console.Error : Console.Out));
        try
        {
            code = await LabCommands.Guarded(async () =>
            {
                if (options.Guests is < 3 or > 60)
                    throw new LabException($"--guests {options.Guests}: the demonstration takes 3 to 60 guests.");
                await run.Play(cancel).ConfigureAwait(false);
                return 0;
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Interrupted; what was started has been removed.").ConfigureAwait(false);
            code = 130;
        }

        report = run.Report(code);
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(report, MeasureJson.Default.DemoReport));
        return code != 0 ? code : report.Problems is null ? 0 : 1;
    }
}
