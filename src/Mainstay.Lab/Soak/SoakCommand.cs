using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Mainstay.Lab.Guests;
using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Soak;

/// <summary><c>mainstay lab soak</c>: the promises under random faults, on real processes.</summary>
internal static class SoakCommand
{
    private const string OwnName = "soak";

    private static readonly Option<double> Minutes = new("--minutes")
        { Description = "How long; the round under way is ended properly.", DefaultValueFactory = _ => 10 };

    private static readonly Option<ulong?> Seed = new("--seed")
        { Description = "Plans the same faults again; what the hosts do meanwhile may differ. Without it the clock decides." };

    private static readonly Option<int> Guests = new("--guests")
        { Description = "How many boot-sector guests a lab of its own gets.", DefaultValueFactory = _ => 6 };

    private static readonly Option<double> Watchdog = new("--watchdog")
    {
        Description = "Give the hosts of a lab of its own watchdogs that reset them when unfed for so many seconds: leases are in force.",
        HelpName = "SECONDS",
    };

    private static readonly Option<bool> KeepGoing = new("--keep-going")
    {
        Description = "After a broken promise keep its evidence and go on with a new lab until the time is over.",
    };

    private static readonly Option<string?> Report = new("--report")
    {
        Description = "Write what is said, and the report as JSON behind it, into this file as well.", HelpName = "FILE",
    };

    private static readonly Option<string[]> Programs = new("--programs")
    {
        Description = "Directories with mainstay, mainstay-agent and mainstay-beacon, instead of MAINSTAY_BIN and this program's own.",
    };

    public static Command Build(Option<string> name, Option<bool> json)
    {
        var soak = new Command("soak", """
            Random faults on real hosts, round after round; after each the cluster must be whole again, and nothing may ever have run twice.

            On a lab of its own, which it removes; with --name on the one that is up under that name. Exit code 1: a promise was broken; the
            facts around it are kept in a file.

            Examples:
              mainstay lab soak --minutes 10
              mainstay lab soak --minutes 10 --seed 7 --json
              mainstay lab soak --minutes 60 --watchdog 3 --keep-going --report soak.txt
            """) { Minutes, Seed, Guests, Watchdog, KeepGoing, Report, Programs };
        soak.SetAction((parsed, cancel) => Run(
            parsed, parsed.GetResult(name) is { Implicit: false } ? parsed.GetRequiredValue(name) : null, parsed.GetValue(json), cancel));
        return soak;
    }

    private static async Task<int> Run(ParseResult parsed, string? given, bool json, CancellationToken cancel)
    {
        var seed = parsed.GetValue(Seed) ?? (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var tally = new SoakTally(seed);
        await using var file = parsed.GetValue(Report) is { } path ? new StreamWriter(path) { AutoFlush = true } : null;
        int code;
        try
        {
            code = await LabCommands.Guarded(async () =>
            {
                Check(parsed, given);
                await Play(parsed, given, seed, tally, Say, cancel).ConfigureAwait(false);
                return tally.Report.Violations.Count > 0 ? 1 : 0;
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Interrupted.").ConfigureAwait(false);
            code = 130;
        }

        var text = JsonSerializer.Serialize(tally.Report, MeasureJson.Default.SoakReport);
        if (tally.Rounds > 0)
            SoakTable.Write(tally.Report, Say);
        if (json)
            Console.WriteLine(text);
        if (file is not null)
            await file.WriteLineAsync(text).ConfigureAwait(false);
        return code;

        void Say(string line)
        {
            (json ? Console.Error : Console.Out).WriteLine(line);
            file?.WriteLine(line);
        }
    }

    private static void Check(ParseResult parsed, string? given)
    {
        if (parsed.GetRequiredValue(Minutes) is not (> 0 and <= 10_000))
            throw new LabException("--minutes: write a number above 0, at most 10000.");
        if (parsed.GetRequiredValue(Guests) is < 1 or > 60)
            throw new LabException("--guests: write a number from 1 to 60.");
        if (given is not null && (parsed.GetValue(KeepGoing) || parsed.GetValue(Watchdog) > 0))
            throw new LabException("--keep-going and --watchdog belong to a lab of its own; leave --name out.");
    }

    private static async Task Play(
        ParseResult parsed, string? given, ulong seed, SoakTally tally, Action<string> say, CancellationToken cancel)
    {
        var length = TimeSpan.FromMinutes(parsed.GetRequiredValue(Minutes));
        for (var next = seed; ; next++)
        {
            await using var lab = given is null
                ? await Begin(parsed, say, cancel).ConfigureAwait(false)
                : await LabCluster.Attach(LabOptions.DefaultStateDirectory(given), cancel).ConfigureAwait(false);
            var guests = await Protected(lab, cancel).ConfigureAwait(false);
            say(string.Create(CultureInfo.InvariantCulture, $"seed {next}, {guests.Count} guests, {MachineLine(lab)}"));
            await using var run = new SoakRun(lab, guests, next, tally, say);
            try
            {
                await run.Play(length, cancel).ConfigureAwait(false);
            }
            catch (LabException failure) when (parsed.GetValue(KeepGoing))
            {
                tally.Failed(failure.Message);
                say("           FAILED  " + failure.Message);
            }

            if (!parsed.GetValue(KeepGoing) || tally.Elapsed >= length)
                return;
        }
    }

    private static string MachineLine(LabCluster lab) => Bench.MachineFacts.Now(lab.Options).ToString();

    private static async Task<LabCluster> Begin(ParseResult parsed, Action<string> say, CancellationToken cancel)
    {
        var options = new LabOptions
        {
            Name = OwnName,
            StateDirectory = LabOptions.DefaultStateDirectory(OwnName),
            ManagementPrefix = "10.94.0",
            StoragePrefix = "10.95.0",
            Watchdog = parsed.GetValue(Watchdog) is var seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null,
        };
        if (parsed.GetValue(Programs) is { Length: > 0 } programs)
            options = options with { ProgramDirectories = programs };
        var lab = await LabCluster.Up(options, cancel).ConfigureAwait(false);
        var ready = false;
        try
        {
            await MainstaySetup.Join(lab, LabFence.Ipmi, say, cancel).ConfigureAwait(false);
            // Without QEMU's image locks: nothing but Mainstay keeps these guests from running twice.
            LabGuest[] guests =
            [
                .. Enumerable.Range(1, parsed.GetRequiredValue(Guests)).Select(number => new LabGuest($"guest{number}", Shareable: true)),
            ];
            await GuestSetup.Spread(lab, guests, allOn: null, cancel).ConfigureAwait(false);
            await MainstaySetup.ProtectAll(lab, cancel).ConfigureAwait(false);
            ready = true;
            return lab;
        }
        finally
        {
            if (!ready)
                await lab.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<IReadOnlyList<string>> Protected(LabCluster lab, CancellationToken cancel)
    {
        var status = await new ClusterSight(lab, new FactFeed(lab)).WaitUntil(
            lab.Options.Hosts[0], "Word of the protected guests", _ => null, TimeSpan.FromSeconds(30), cancel).ConfigureAwait(false);
        string[] guests = [.. status.Guests.Where(guest => guest.Desired == "running").Select(guest => guest.Name)];
        return guests.Length > 0 ? guests : throw new LabException("No guest of the lab is protected: there is nothing to watch.");
    }
}
