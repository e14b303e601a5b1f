using System.Globalization;
using Mainstay.Core.Groups;
using Mainstay.Core.Model;
using Mainstay.Core.Rules;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Language;

/// <summary>Reads the start state: hosts, guests, profile, seed, options.</summary>
internal sealed class StartParser
{
    private const int MaxHosts = 64;
    private const int MaxGuests = 2500;

    private static readonly string[] Headings = ["hosts:", "storages:", "guests:", "rules:", "profile:", "seed:", "options:"];

    private readonly List<HostStart> hosts = [];
    private readonly List<StorageStart> storages = [];
    private readonly List<GuestStart> guests = [];
    private RuleBook rules = RuleBook.Empty;
    private TimingProfile profile = TimingProfile.Balanced;
    private ulong seed = 1;
    private bool imageLocks;
    private TimeSpan bootTime = Latency.Boot;

    public Names Names { get; } = new();

    public static bool IsHeading(string word) => Array.IndexOf(Headings, word) >= 0;

    public StartState Build() =>
        new(hosts.ToValueList(), guests.ToValueList(), profile, seed, imageLocks, bootTime)
        {
            Storages = storages.ToValueList(), Rules = rules,
        };

    public void Take(List<string> words, int line)
    {
        switch (words[0])
        {
            case "hosts:":
                TakeHosts(words, line);
                break;
            case "storages:":
                TakeStorages(words, line);
                break;
            case "guests:":
                TakeGuests(words, line);
                break;
            case "rules:":
                TakeRule(words, line);
                break;
            case "profile:":
                profile = One(words, line) switch
                {
                    "aggressive" => TimingProfile.Aggressive,
                    "balanced" => TimingProfile.Balanced,
                    "conservative" => TimingProfile.Conservative,
                    var other => throw new ScenarioException(line, $"unknown profile '{other}': aggressive, balanced or conservative"),
                };
                break;
            case "seed:":
                if (!ulong.TryParse(One(words, line), NumberStyles.None, CultureInfo.InvariantCulture, out seed))
                    throw new ScenarioException(line, $"'{words[1]}' is not a seed: write a whole number from 0 to {ulong.MaxValue}");
                break;
            default:
                foreach (var word in words.Skip(1))
                    TakeOption(word, line);
                break;
        }
    }

    /// <summary>What only the whole start state can tell.</summary>
    public void Check(int line)
    {
        OrderWords.Check(guests, line);
        if (hosts.Count < 2)
            throw new ScenarioException(line, $"a cluster has at least 2 hosts, not {hosts.Count}: name more after 'hosts:'");
        if (guests.FirstOrDefault(guest => hosts.Any(host => host.Id == guest.On && host.Witness)) is { } misplaced)
            throw new ScenarioException(line, $"'{misplaced.Id}' is on {misplaced.On}, a witness, which runs no guests: name a host");
        foreach (var host in hosts)
        {
            var used = guests.Where(guest => guest.On == host.Id && guest.Running).Sum(guest => guest.MemoryMiB);
            if (used > host.MemoryMiB)
            {
                throw new ScenarioException(
                    line, $"the guests on {host.Id} need {used} MiB and it has {host.MemoryMiB} MiB: give it more or place fewer");
            }
        }
    }

    private void TakeHosts(List<string> words, int line)
    {
        var names = new List<string>();
        var (memory, fenced, witness, anonymous, older) = (8192L, true, false, false, false);
        TimeSpan? watchdog = null;
        ValueList<HostLabel> labels = [];
        var (softdog, cpus, pages) = (false, 0, 0L);
        ValueList<string> lacks = [];
        var cores = HostStart.DefaultCores;
        foreach (var word in words.Skip(1))
        {
            if (word.StartsWith("memory=", StringComparison.Ordinal))
                memory = Memory(word["memory=".Length..], line);
            else if (word.StartsWith("labels=", StringComparison.Ordinal))
                labels = Labels(word["labels=".Length..], line);
            else if (word.StartsWith("cpus=", StringComparison.Ordinal))
                cpus = Count(word["cpus=".Length..], line);
            else if (word.StartsWith("pages=", StringComparison.Ordinal))
                pages = Memory(word["pages=".Length..], line);
            else if (word.StartsWith("lacks=", StringComparison.Ordinal))
                lacks = Items(word["lacks=".Length..], line);
            else if (word.StartsWith("cores=", StringComparison.Ordinal))
                cores = Count(word["cores=".Length..], line);
            else if (word == "unfenced")
                fenced = false;
            else if (word == "older")
                older = true;
            else if (word == "anonymous")
                anonymous = true;
            else if (word == "witness")
                (memory, fenced, witness) = (0, false, true);
            else if (word.StartsWith("watchdog=", StringComparison.Ordinal))
                watchdog = ResetTime(word["watchdog=".Length..], line);
            else if (word.StartsWith("softdog=", StringComparison.Ordinal))
                (softdog, watchdog) = (true, ResetTime(word["softdog=".Length..], line));
            else
                names.Add(NewName(word, "host", line));
        }

        foreach (var name in names)
        {
            hosts.Add(new HostStart(new HostId(name), memory, fenced, watchdog)
            {
                Witness = witness, Anonymous = anonymous, Older = older, Softdog = softdog, Cores = cores,
                Labels = labels, Cpus = cpus, PagesMiB = pages, Lacks = lacks,
            });
            Names.Hosts.Add(name);
        }

        if (names.Count == 0)
            throw new ScenarioException(line, "'hosts:' names no host: write names after it");
        if (hosts.Count > MaxHosts)
            throw new ScenarioException(line, $"{hosts.Count} hosts: a scenario has at most {MaxHosts}");
    }

    private static ValueList<HostLabel> Labels(string text, int line) => RuleWords.Labels(text)
        ?? throw new ScenarioException(line, $"'{text}' are no labels: write them such as labels=rack=r1,gpu");

    private void TakeRule(List<string> words, int line)
    {
        var rule = RuleWords.Parse(words[1..], out var why) ?? throw new ScenarioException(line, why);
        if (rule.Groups.Where(group => !Names.Guests.Contains(group.Name)).ToArray() is [var unknown, ..])
            throw new ScenarioException(line, $"'{unknown}' in the rule is no guest of a line before: {string.Join(", ", Names.Guests)}");
        rules = rules.With(rule with { Limit = Math.Max(1, rule.Limit) });
    }

    private static int Count(string text, int line) => Values.TryCount(text, out var count) && count > 0
        ? count
        : throw new ScenarioException(line, $"'{text}' is not a number of processors: write it such as 4");

    private static ValueList<string> Items(string text, int line) => text.Split(',').All(SimNeeds.IsItem)
        ? [.. text.Split(',').Order(StringComparer.Ordinal)]
        : throw new ScenarioException(line, $"'{text}' is nothing a guest needs: write {SimNeeds.Kinds}, with commas between several");

    private static TimeSpan ResetTime(string text, int line) => Values.TryTime(text, out var reset)
        ? reset
        : throw new ScenarioException(line, $"'{text}' is not a reset time: write it such as watchdog=3s");

    private void TakeStorages(List<string> words, int line)
    {
        TimeSpan? expiry = null;
        int? starts = null;
        var names = new List<string>();
        foreach (var word in words.Skip(1))
        {
            if (word.StartsWith("expiry=", StringComparison.Ordinal))
                expiry = Values.TryTime(word["expiry=".Length..], out var time)
                    ? time : throw new ScenarioException(line, $"'{word}' is not a time: write it such as expiry=24h");
            else if (word.StartsWith("starts=", StringComparison.Ordinal))
                starts = Values.TryCount(word["starts=".Length..], out var count) && count > 0
                    ? count : throw new ScenarioException(line, $"'{word}' is no number of starts: write it such as starts=4");
            else
                names.Add(NewName(word, "storage", line));
        }

        if (names.Count == 0)
            throw new ScenarioException(line, "'storages:' names no storage: write names after it");
        foreach (var name in names)
        {
            storages.Add(new StorageStart(name, expiry, starts));
            Names.Storages.Add(name);
        }
    }

    private void TakeGuests(List<string> words, int line)
    {
        var names = new List<string>();
        var guest = new GuestStart(default, 1024, default, true, true, false, GuestShutdownPolicy.StayDown);
        for (var i = 1; i < words.Count; i++)
        {
            var word = words[i];
            if (word == "on")
                guest = guest with { On = On(words, ++i, line) };
            else if (word.StartsWith("memory=", StringComparison.Ordinal))
                guest = guest with { MemoryMiB = Memory(word["memory=".Length..], line) };
            else if (word.StartsWith("copy-of=", StringComparison.Ordinal))
                guest = guest with { CopyOf = Original(word["copy-of=".Length..], line) };
            else if (OrderWords.Attribute(word, guest, line) is { } ordered)
                guest = ordered;
            else if (word.StartsWith("disk=", StringComparison.Ordinal))
                guest = guest with { Disks = guest.Disks.Add(Disk(word["disk=".Length..], line)) };
            else if (word.StartsWith("needs=", StringComparison.Ordinal))
                guest = guest with { Needs = Items(word["needs=".Length..], line) };
            else if (word.StartsWith("vcpus=", StringComparison.Ordinal))
                guest = guest with { Vcpus = Count(word["vcpus=".Length..], line) };
            else if (Attribute(word, guest) is { } changed)
                guest = changed;
            else
                names.Add(NewName(word, "guest", line));
        }

        if (names.Count == 0)
            throw new ScenarioException(line, "'guests:' names no guest: write names after it");
        if (guest.On == default)
            throw new ScenarioException(line, $"'{names[0]}' has no host: write 'on {Names.Hosts.FirstOrDefault() ?? "n1"}' in the line");
        if (guest.Disks.IsEmpty)
            guest = guest with { Disks = [storages.Count > 0 ? storages[0].Name : "local"] };
        foreach (var name in names)
        {
            guests.Add(guest with { Id = new GroupId(name) });
            Names.Guests.Add(name);
        }

        if (guests.Count > MaxGuests)
            throw new ScenarioException(line, $"{guests.Count} guests: a scenario has at most {MaxGuests}");
    }

    private string Disk(string storage, int line) => storage == "local" || Names.Storages.Contains(storage)
        ? storage
        : throw new ScenarioException(
            line, $"'{storage}' after 'disk=' is not a storage: write local{string.Concat(Names.Storages.Select(name => $", {name}"))}");

    private static GuestStart? Attribute(string word, GuestStart guest) => word switch
    {
        "unprotected" => guest with { Protected = false },
        "stopped" => guest with { Running = false },
        "autostart" => guest with { Autostart = true },
        "isolation=keep" => guest with { OnIsolation = IsolationPolicy.Keep },
        "isolation=shutdown" => guest with { OnIsolation = IsolationPolicy.Shutdown },
        "isolation=freeze-then-kill" => guest with { OnIsolation = IsolationPolicy.FreezeThenKill },
        "storage-proof=frozen" => guest with { StorageProof = StorageProofPolicy.Frozen },
        "storage-proof=always" => guest with { StorageProof = StorageProofPolicy.Always },
        "storage-proof=never" => guest with { StorageProof = StorageProofPolicy.Never },
        "repeated-loss=restart" => guest with { OnRepeatedLoss = RepeatedLossPolicy.Restart },
        "tier=0" or "tier=1" or "tier=2" or "tier=3" or "tier=4" => guest with { Tier = word[^1] - '0' },
        "yields=moves" => guest with { Yields = Yielding.Moves },
        "yields=stops" => guest with { Yields = Yielding.Stops },
        "in-pages" => guest with { InPages = true },
        "restarting" => guest with { OnShutdown = GuestShutdownPolicy.Restart },
        _ => null,
    };

    private void TakeOption(string word, int line)
    {
        if (word == "image-locks")
            imageLocks = true;
        else if (word.StartsWith("boot=", StringComparison.Ordinal))
            bootTime = Values.TryTime(word["boot=".Length..], out var time)
                ? time : throw new ScenarioException(line, $"'{word}' is not a boot time: write it such as boot=20s");
        else
            throw new ScenarioException(line, $"unknown option '{word}': write image-locks or boot=TIME");
    }

    private HostId On(List<string> words, int at, int line)
    {
        var word = at < words.Count ? words[at] : "";
        return Names.Hosts.Contains(word)
            ? new HostId(word)
            : throw new ScenarioException(line, $"'{word}' after 'on' is not a host: write one of {string.Join(", ", Names.Hosts)}");
    }

    private GroupId Original(string word, int line) => guests.Exists(guest => guest.Id.Name == word)
        ? new GroupId(word)
        : throw new ScenarioException(line, $"'{word}' after 'copy-of=' is no guest of a line before: name one");

    private static string One(List<string> words, int line) => words.Count == 2
        ? words[1] : throw new ScenarioException(line, $"'{words[0]}' takes one value, and {words.Count - 1} are there");

    private static long Memory(string text, int line) => Values.TryMemory(text, out var memory)
        ? memory : throw new ScenarioException(line, $"'{text}' is not a size of memory: write it such as 8G or 512M");

    private string NewName(string word, string kind, int line)
    {
        if (!Vocabulary.IsName(word))
            throw new ScenarioException(line, $"'{word}' is not a name for a {kind}: use letters, digits and '-', a letter first");
        if (Names.IsTaken(word) || Names.Hosts.Contains(word))
            throw new ScenarioException(line, $"the name '{word}' is in use or reserved: give the {kind} another one");
        return word;
    }
}
