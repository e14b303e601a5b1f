using System.CommandLine;
using System.Text.Json;
using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Bench;

/// <summary><c>mainstay lab bench …</c>, what <c>./bench.sh</c> runs: figures with the machine they belong to.</summary>
internal static class BenchCommands
{
    private const string LabName = "bench";

    private static readonly Option<string> Kind = Kinds();

    private static readonly Option<int> Runs = new("--runs") { Description = "How often.", DefaultValueFactory = _ => 5 };

    private static readonly Option<int?> Guests = new("--guests")
    {
        Description = "How many boot-sector guests: 1 on the host that is lost, or 6 in turn on all hosts where none is, unless given.",
    };

    private static readonly Option<bool?> Whole = new("--whole")
    {
        Description = "Whether a blip cuts off all hosts at once, as a switch that fails over does, instead of one. "
            + "So it is with blip-3s unless 'false' is written, and not with blip-1s.",
    };

    private static readonly Option<BenchVictim> Victim = new("--victim")
    {
        Description = "Which host is hit: Any (neither Mainstay's leader nor the store's is on it) or Leader (both are).",
        DefaultValueFactory = _ => BenchVictim.Any,
    };

    private static readonly Option<LabFence?> Fence = new("--fence")
    {
        Description = "How hosts are fenced: Instant (a switch that answers at once) or Ipmi (fence_ipmilan and a simulated BMC). "
            + "Instant unless given; Ipmi for the kind hang.",
    };

    private static readonly Option<int> Resources = new("--resources")
    {
        Description = "How many resources run on the host that dies.", DefaultValueFactory = _ => 200,
    };

    private static readonly Option<string[]> Programs = new("--programs")
    {
        Description = "Directories with mainstay, mainstay-agent and mainstay-beacon, instead of MAINSTAY_BIN and this program's own.",
        Recursive = true,
    };

    private static readonly Option<string> Management = new("--mgmt")
    {
        Description = "First three numbers of the management network.", DefaultValueFactory = _ => "10.89.0", Recursive = true,
    };

    private static readonly Option<string> Storage = new("--stor")
    {
        Description = "First three numbers of the storage network.", DefaultValueFactory = _ => "10.90.0", Recursive = true,
    };

    /// <param name="name">The lab's name; the benchmarks have one of their own unless it is given.</param>
    public static Command Build(Option<string> name, Option<bool> json)
    {
        var bench = new Command("bench",
            "Measure on a lab of its own, and remove it. With --name, --mgmt and --stor two benchmarks run side by side.")
            { Programs, Management, Storage };
        bench.Subcommands.Add(BuildFailover(name, json));
        bench.Subcommands.Add(BuildOrchestration(name, json));
        bench.Subcommands.Add(BuildIdle(name, json));
        return bench;
    }

    private static Command BuildFailover(Option<string> name, Option<bool> json)
    {
        var failover = new Command("failover", """
            What befalls a host, and what comes of it for its guests.

            power, hang, bmc-dead, partition: seconds from the fault to each phase of the guests' recovery. Each run has a new lab.
            agent-kill, libvirtd-kill, blip-1s, blip-3s: nothing may come of it. Exit code 1 if something did.

            Examples:
              mainstay lab bench failover --kind power --runs 5
              mainstay lab bench failover --kind bmc-dead --runs 3 --json
              mainstay lab bench failover --kind blip-1s
              mainstay lab bench failover --kind blip-1s --whole
            """) { Kind, Runs, Guests, Whole, Victim, Fence };
        failover.SetAction((parsed, cancel) => Guarded(() =>
        {
            var kind = FailoverKinds.Parse(parsed.GetRequiredValue(Kind));
            return kind.End() is null ? Harmless(kind, parsed, name, json, cancel) : Deadly(kind, parsed, name, json, cancel);
        }));
        return failover;
    }

    private static async Task<int> Deadly(
        FailoverKind kind, ParseResult parsed, Option<string> name, Option<bool> json, CancellationToken cancel)
    {
        if (parsed.GetValue(Whole) is not null)
            throw new LabException($"--whole: the kind {kind.Name()} takes one host away; it belongs to blip-1s and blip-3s.");
        var bench = new FailoverBench(Lab(parsed, name, kind), Say(parsed.GetValue(json)))
        {
            Kind = kind,
            Runs = Between(parsed.GetRequiredValue(Runs), 1, 100, "--runs"),
            Guests = Between(parsed.GetValue(Guests) ?? 1, 1, 100, "--guests"),
            Victim = parsed.GetRequiredValue(Victim),
            Fence = parsed.GetValue(Fence) ?? kind.Fence(),
        };
        var report = await bench.Run(cancel).ConfigureAwait(false);
        if (parsed.GetValue(json))
            Console.WriteLine(JsonSerializer.Serialize(report, MeasureJson.Default.FailoverReport));
        return report.DoubleRuns == 0 ? 0 : 1;
    }

    private static async Task<int> Harmless(
        FailoverKind kind, ParseResult parsed, Option<string> name, Option<bool> json, CancellationToken cancel)
    {
        var isBlip = kind is FailoverKind.Blip1s or FailoverKind.Blip3s;
        if (!isBlip && parsed.GetValue(Whole) is not null)
            throw new LabException($"--whole: the kind {kind.Name()} cuts nothing off; it belongs to blip-1s and blip-3s.");
        var bench = new HarmlessBench(Lab(parsed, name, kind), Say(parsed.GetValue(json)))
        {
            Kind = kind,
            Whole = isBlip && (parsed.GetValue(Whole) ?? kind == FailoverKind.Blip3s),
            Runs = Between(parsed.GetRequiredValue(Runs), 1, 100, "--runs"),
            Guests = Between(parsed.GetValue(Guests) ?? 6, 1, 100, "--guests"),
            Victim = parsed.GetRequiredValue(Victim),
            Fence = parsed.GetValue(Fence) ?? kind.Fence(),
        };
        var report = await bench.Run(cancel).ConfigureAwait(false);
        if (parsed.GetValue(json))
            Console.WriteLine(JsonSerializer.Serialize(report, MeasureJson.Default.HarmlessReport));
        return report.Harmless ? 0 : 1;
    }

    private static Option<string> Kinds()
    {
        var kind = new Option<string>("--kind")
        {
            Description = $"What befalls the host: {string.Join(", ", FailoverKinds.Names)}. "
                + "bmc-dead: its BMC loses its power with it; partition: it is cut off, and its BMC too.",
            DefaultValueFactory = _ => FailoverKind.Power.Name(),
        };
        kind.AcceptOnlyFromAmong(FailoverKinds.Names);
        return kind;
    }

    private static Command BuildOrchestration(Option<string> name, Option<bool> json)
    {
        var orchestration = new Command("orchestration",
            "Seconds from the proof of a host's death until all its resources are started, with resources that cost nothing to start.")
            { Resources, Runs };
        orchestration.SetAction((parsed, cancel) => Guarded(async () =>
        {
            var bench = new OrchestrationBench(Lab(parsed, name), Say(parsed.GetValue(json)))
            {
                Resources = Between(parsed.GetRequiredValue(Resources), 1, 1000, "--resources"),
                Runs = Between(parsed.GetRequiredValue(Runs), 1, 100, "--runs"),
            };
            var report = await bench.Run(cancel).ConfigureAwait(false);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(report, MeasureJson.Default.OrchestrationReport));
            return 0;
        }));
        return orchestration;
    }

    private static Command BuildIdle(Option<string> name, Option<bool> json)
    {
        var guests = new Option<int>("--guests") { Description = "How many guests there are.", DefaultValueFactory = _ => 100 };
        var hosts = new Option<int>("--hosts") { Description = "How many hosts there are.", DefaultValueFactory = _ => 3 };
        var seconds = new Option<int>("--seconds") { Description = "How long to measure.", DefaultValueFactory = _ => 60 };
        var idle = new Command("idle",
            "Processor time and memory of agents and beacons while nothing happens, with guests that cost nothing.")
            { guests, hosts, seconds };
        idle.SetAction((parsed, cancel) => Guarded(async () =>
        {
            var count = Between(parsed.GetRequiredValue(hosts), 1, 9, "--hosts");
            var lab = Lab(parsed, name) with { Hosts = [.. Enumerable.Range(1, count).Select(number => $"n{number}")] };
            var bench = new IdleBench(lab, Say(parsed.GetValue(json)))
            {
                Guests = Between(parsed.GetRequiredValue(guests), 1, 1000, "--guests"),
                Length = TimeSpan.FromSeconds(Between(parsed.GetRequiredValue(seconds), 1, 3600, "--seconds")),
            };
            var report = await bench.Run(cancel).ConfigureAwait(false);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(report, MeasureJson.Default.IdleReport));
            return 0;
        }));
        return idle;
    }

    private static LabOptions Lab(ParseResult parsed, Option<string> name, FailoverKind kind) =>
        Lab(parsed, name) with { Watchdog = kind.NeedsLease() ? TimeSpan.FromSeconds(2) : null };

    private static LabOptions Lab(ParseResult parsed, Option<string> name)
    {
        var called = parsed.GetResult(name) is { Implicit: false } ? parsed.GetRequiredValue(name) : LabName;
        var lab = new LabOptions
        {
            Name = called,
            StateDirectory = LabOptions.DefaultStateDirectory(called),
            ManagementPrefix = parsed.GetRequiredValue(Management),
            StoragePrefix = parsed.GetRequiredValue(Storage),
        };
        return parsed.GetValue(Programs) is { Length: > 0 } programs
            ? lab with { ProgramDirectories = [.. programs.Select(Path.GetFullPath)] } : lab;
    }

    private static Action<string> Say(bool json) => (json ? Console.Error : Console.Out).WriteLine;

    private static int Between(int value, int least, int most, string option) =>
        value >= least && value <= most ? value : throw new LabException($"{option} {value}: write a number from {least} to {most}.");

    private static async Task<int> Guarded(Func<Task<int>> work)
    {
        try
        {
            return await LabCommands.Guarded(work).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Interrupted; what was started has been removed.").ConfigureAwait(false);
            return 130;
        }
    }
}
