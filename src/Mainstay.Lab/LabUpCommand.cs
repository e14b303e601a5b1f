using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Mainstay.Lab.Guests;

namespace Mainstay.Lab;

/// <summary><c>mainstay lab up</c>: hosts, Mainstay on them, guests, and protection of the guests.</summary>
internal static class LabUpCommand
{
    private static readonly TimeSpan SpeakLimit = TimeSpan.FromSeconds(120);

    private static readonly Option<int> Hosts = new("--hosts") { Description = "How many hosts.", DefaultValueFactory = _ => 3 };

    private static readonly Option<bool> Witness = new("--witness")
    {
        Description = "Add a machine w1 without libvirt and guests, which votes and observes; then two hosts, unless --hosts is given.",
    };

    private static readonly Option<int> GuestCount = new("--guests")
    {
        Description = "How many guests that are one boot sector each.", DefaultValueFactory = _ => 6,
    };

    private static readonly Option<int> LinuxGuests = new("--linux-guests")
    {
        Description = "How many small Linux guests with the QEMU guest agent. The first is built from Debian packages within a minute.",
    };

    private static readonly Option<string?> AllOn = new("--all-on") { Description = "Start all guests on this host instead of in turn." };

    private static readonly Option<LabFence> Fence = new("--fence")
    {
        Description = "How hosts are fenced: Ipmi (fence_ipmilan and a simulated BMC) or Instant (a switch that answers at once).",
        DefaultValueFactory = _ => LabFence.Ipmi,
    };

    private static readonly Option<double> Watchdog = new("--watchdog")
    {
        Description = "Give every host a watchdog that resets it when it is unfed for so many seconds: then the keeper lease is in force.",
        HelpName = "SECONDS",
    };

    private static readonly Option<bool> Bare = new("--bare") { Description = "Hosts and guests only, without Mainstay." };

    private static readonly Option<string> Management = new("--mgmt")
    {
        Description = "First three numbers of the management network.", DefaultValueFactory = _ => "10.77.0",
    };

    private static readonly Option<string> Storage = new("--stor")
    {
        Description = "First three numbers of the storage network.", DefaultValueFactory = _ => "10.78.0",
    };

    private static readonly Option<string[]> Programs = new("--programs")
    {
        Description = "Directories with mainstay, mainstay-agent and mainstay-beacon, instead of MAINSTAY_BIN and this program's own.",
    };

    public static Command Build(Option<string> name, Option<bool> json)
    {
        var up = new Command("up", "Start a lab. It stays up until 'lab down'; Ctrl-C while it starts removes it again.");
        foreach (var option in new Option[]
            { Hosts, Witness, GuestCount, LinuxGuests, AllOn, Fence, Watchdog, Bare, Management, Storage, Programs })
            up.Options.Add(option);
        up.SetAction((parsed, cancel) => LabCommands.Guarded(() => Run(parsed, Options(parsed, name), parsed.GetValue(json), cancel)));
        return up;
    }

    private static LabOptions Options(ParseResult parsed, Option<string> name)
    {
        var witness = parsed.GetValue(Witness);
        var count = witness && parsed.GetResult(Hosts) is null or { Implicit: true } ? 2 : parsed.GetRequiredValue(Hosts);
        if (count is < 1 or > 9)
            throw new LabException($"A lab has one to nine hosts, not {count}.");
        var options = new LabOptions
        {
            Name = parsed.GetRequiredValue(name),
            StateDirectory = LabOptions.DefaultStateDirectory(parsed.GetRequiredValue(name)),
            Hosts = [.. Enumerable.Range(1, count).Select(number => $"n{number}")],
            Witness = witness ? "w1" : null,
            ManagementPrefix = parsed.GetRequiredValue(Management),
            StoragePrefix = parsed.GetRequiredValue(Storage),
            Bare = parsed.GetValue(Bare),
            Watchdog = parsed.GetValue(Watchdog) is var seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null,
        };
        return (parsed.GetValue(Programs) is { Length: > 0 } programs
            ? options with { ProgramDirectories = [.. programs.Select(Path.GetFullPath)] } : options).Validated();
    }

    private static async Task<int> Run(ParseResult parsed, LabOptions options, bool json, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        LabGuest[] guests =
        [
            .. Enumerable.Range(1, parsed.GetRequiredValue(GuestCount)).Select(number => new LabGuest($"guest{number}")),
            .. Enumerable.Range(1, parsed.GetValue(LinuxGuests)).Select(number => new LabGuest($"linux{number}", LabGuestKind.Linux)),
        ];
        try
        {
            await using var lab = await LabCluster.Up(options, cancel).ConfigureAwait(false);
            Say(clock, $"{options.Hosts.Count} hosts are up{(options.Witness is null ? "" : ", and a witness")}");
            if (!options.Bare)
            {
                await MainstaySetup.Join(lab, parsed.GetRequiredValue(Fence), step => Say(clock, step), cancel).ConfigureAwait(false);
                Say(clock, "they are one cluster");
            }

            await using var watch = new GuestWatch(lab);
            await GuestSetup.Spread(lab, guests, parsed.GetValue(AllOn), cancel).ConfigureAwait(false);
            await watch.WaitUntilAllSpoke(guests.Select(guest => guest.Name), SpeakLimit, cancel).ConfigureAwait(false);
            Say(clock, $"{guests.Length} guests speak");
            if (!options.Bare && guests.Length > 0)
            {
                await MainstaySetup.ProtectAll(lab, cancel).ConfigureAwait(false);
                Say(clock, "they are protected");
            }

            await lab.Keep(cancel).ConfigureAwait(false);
            await LabStatusCommand.Print(lab, json, cancel).ConfigureAwait(false);
            return 0;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Interrupted; what was started has been removed.").ConfigureAwait(false);
            return 130;
        }
    }

    private static void Say(Stopwatch clock, string what) =>
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,6:0.0} s  {what}"));
}
