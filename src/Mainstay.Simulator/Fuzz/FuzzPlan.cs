using System.Globalization;
using System.Text;

namespace Mainstay.Simulator.Fuzz;

/// <summary>
/// Writes a random scenario: a random cluster, faults of a random choice of kinds, then everything healed and the demand that the cluster
/// comes to rest as it should. It is a scenario text like any other, so that a failure can be kept, read and shrunk.
/// </summary>
internal sealed class FuzzPlan
{
    private static readonly string[] Profiles = ["aggressive", "balanced", "balanced", "conservative"];

    private static readonly string[] StorageProofs = ["", "", " storage-proof=always", " storage-proof=always", " storage-proof=never"];

    private readonly Chance chance;
    private readonly List<(double At, string Text)> steps = [];
    private readonly SortedSet<string> joining = new(StringComparer.Ordinal);
    private readonly List<string> clones = [];
    private double? together;

    public FuzzPlan(ulong seed) => chance = new Chance(seed);

    /// <summary>Name of each host.</summary>
    public List<string> Hosts { get; } = [];

    public List<string> Guests { get; } = [];

    /// <summary>Storages that hosts can be cut off from; often none.</summary>
    public List<string> Storages { get; } = [];

    public Chance Chance => chance;

    /// <summary>How long the phase of faults lasts, in seconds. The times of its faults count from its begin.</summary>
    public double Length { get; private set; }

    /// <summary>How many seconds the healed cluster has to come to rest. Tiers may cost a minute: who is held holds others up.</summary>
    public int Rest { get; private set; } = 60;

    /// <summary>When the phase begins, in seconds of the scenario.</summary>
    private double Begin { get; set; }

    public static string Write(ulong seed)
    {
        var plan = new FuzzPlan(seed);
        var text = new StringBuilder();
        plan.WriteStart(text, seed, 2 + plan.chance.Below(6));
        plan.BeginPhase(0, Math.Round(plan.Number(40, 120)));
        plan.DrawFaults(10);
        plan.WriteFaults(text);
        plan.WriteHealing(text);
        text.Append(CultureInfo.InvariantCulture, $"expect within {plan.Rest}s: converged\nrun 20s\nexpect converged\n");
        return text.ToString();
    }

    public void Add(double at, string step) => steps.Add((Begin + Math.Clamp(at, 0, Length), step));

    public string Host() => chance.Of(Hosts);

    public string OtherHost(string than)
    {
        var host = Host();
        return host == than ? Hosts[(Hosts.IndexOf(than) + 1) % Hosts.Count] : host;
    }

    public string Guest() => chance.Of(Guests);

    public string Network() => chance.Of(World.SimNetwork.Names);

    /// <summary>A random time in seconds with milliseconds.</summary>
    public string Seconds(double low, double high) => Text(Number(low, high)) + "s";

    public double Number(double low, double high) => low + ((high - low) * chance.Below(100_000) / 100_000);

    /// <summary>A moment of the first part of the phase; of faults that come together, one within a second of the others.</summary>
    public double When(double part = 0.8) => together is { } begin ? begin + Number(0, 1) : Number(0, Length * part);

    public void WithGuest(Action<string> act)
    {
        if (Guests.Count > 0)
            act(Guest());
    }

    /// <summary>The name of one more machine with a copied disk; null when there are enough.</summary>
    public string? NewClone()
    {
        if (clones.Count == World.StartState.MostClones || (clones.Count > 0 && !chance.Happens(20)))
            return null;
        clones.Add(string.Create(CultureInfo.InvariantCulture, $"copy{clones.Count + 1}"));
        return clones[^1];
    }

    /// <summary>At the end of the phase it is a member, and can be fenced.</summary>
    public void Joins(string host) => joining.Add(host);

    private static string Text(double seconds) => seconds.ToString("0.###", CultureInfo.InvariantCulture);

    public void WriteStart(StringBuilder text, ulong seed, int hosts)
    {
        var memory = 8 * (1 + chance.Below(4));
        text.Append(CultureInfo.InvariantCulture, $"Written by the fuzzer from seed {seed}.\n\n");
        for (var i = 1; i <= hosts; i++)
            Hosts.Add(string.Create(CultureInfo.InvariantCulture, $"n{i}"));
        var watchdog = chance.Happens(60) ? string.Create(CultureInfo.InvariantCulture, $" watchdog={1 + chance.Below(5)}s") : "";
        text.Append(CultureInfo.InvariantCulture, $"hosts: {string.Join(' ', Hosts)} memory={memory}G{watchdog}\n");
        WriteStorages(text);
        var free = Enumerable.Repeat(memory * 1024 * 7 / 10, hosts).ToArray();
        var guests = 1 + chance.Below(hosts * 3);
        for (var i = 1; i <= guests; i++)
        {
            var at = chance.Below(hosts);
            var need = 512 * (1 + chance.Below(4));
            if (free[at] < need)
                continue;
            free[at] -= need;
            var name = string.Create(CultureInfo.InvariantCulture, $"g{i}");
            Guests.Add(name);
            var kind = (chance.Below(10) == 0 ? " restarting" : "") + chance.Below(10) switch
            {
                0 or 1 => " isolation=keep",
                2 => " isolation=shutdown",
                _ => "",
            };
            kind += Disks() + OrderOf(seed, i);
            text.Append(CultureInfo.InvariantCulture, $"guests: {name} memory={need}M on {Hosts[at]}{kind}\n");
        }

        WriteRules(text, seed);
        // Every fourth cluster has a witness besides; it takes no draw, so that the other seeds stay what they were.
        if (seed % 4 == 3)
        {
            Hosts.Add("w1");
            text.Append("hosts: w1 witness\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"profile: {chance.Of(Profiles)}\nseed: {seed}\noptions: boot=5s\n\n");
    }

    public void BeginPhase(double begin, double length)
    {
        (Begin, Length) = (begin, length);
        steps.Clear();
        joining.Clear();
    }

    /// <summary>
    /// Draws at least two faults, of kinds that are drawn for this phase. A third of them come two or three at once: what one leaves half
    /// done the other meets.
    /// </summary>
    public void DrawFaults(int upTo)
    {
        var kinds = FaultKinds.All.Where(_ => chance.Happens(35)).ToList();
        if (kinds.Count == 0)
            kinds.Add(chance.Of(FaultKinds.All));
        var faults = 2 + chance.Below(upTo);
        for (var i = 0; i < faults; i++)
        {
            var others = chance.Happens(30) ? 1 + chance.Below(2) : 0;
            together = others > 0 ? Number(0, Length * 0.75) : null;
            chance.Of(kinds)(this);
            for (var j = 0; j < others; j++)
                chance.Of<Action<FuzzPlan>>(chance.Happens(50) ? kinds : FaultKinds.All)(this);
            together = null;
        }
    }

    public void WriteFaults(StringBuilder text)
    {
        foreach (var (at, step) in steps.OrderBy(step => step.At))
            text.Append(CultureInfo.InvariantCulture, $"at {Text(at)}s: {step}\n");
    }

    /// <summary>The end of the phase: nothing that a fault or a person did stands in the way any more.</summary>
    public void WriteHealing(StringBuilder text)
    {
        foreach (var copy in clones)
            text.Append(CultureInfo.InvariantCulture, $"at {Text(Begin + Length)}s: power off {copy}\n");

        // Fences that were under way when the faults ended may still take a host down: heal once more.
        text.Append(CultureInfo.InvariantCulture, $"at {Text(Begin + Length)}s: heal everything\n");
        text.Append(CultureInfo.InvariantCulture, $"at {Text(Begin + Length + 45)}s: heal everything\nrun 15s\narm\n");
        foreach (var host in joining)
            text.Append(CultureInfo.InvariantCulture, $"add {host}\nrun 100ms\nfence set {host}\n");
        foreach (var host in Hosts)
            text.Append(CultureInfo.InvariantCulture, $"maintenance {host} off\nquarantine {host} off\n");
    }

    // Every fifth cluster has rules; they have draws of their own, so that the other seeds stay what they were.
    private void WriteRules(StringBuilder text, ulong seed)
    {
        if (seed % 5 != 4 || Guests.Count < 2)
            return;
        var draws = new Chance(seed + 1);
        for (var i = 1 + draws.Below(3); i > 0; i--)
        {
            var first = draws.Below(Guests.Count);
            var pair = $"{Guests[first]},{Guests[(first + 1 + draws.Below(Guests.Count - 1)) % Guests.Count]}";
            var rule = draws.Below(5) switch
            {
                0 or 1 => $"apart {pair}",
                2 => $"together {pair}",
                3 => $"on {pair} host={Hosts[0]},host={Hosts[1]}",
                _ => $"not-on {pair} host={draws.Of(Hosts)}",
            };
            text.Append(CultureInfo.InvariantCulture, $"rules: rule{i} {rule}{(draws.Happens(30) ? " should" : "")}\n");
        }
    }

    // In every third cluster; it takes no draw of the others, so that their seeds stay what they were.
    private string OrderOf(ulong seed, int guest)
    {
        if (seed % 3 != 1)
            return "";
        var draws = new Chance((seed * 1000) + (ulong)guest);
        var text = new StringBuilder(draws.Happens(60) ? $" agent-after={1 + draws.Below(10)}s" : "");
        if (draws.Happens(40))
        {
            text.Append(CultureInfo.InvariantCulture, $" tier={draws.Below(5)}");
            Rest = 125;
        }

        foreach (var other in Guests.Where(other => other != Guests[^1] && draws.Happens(100 / (1 + Guests.Count))))
        {
            var gate = draws.Below(4) switch { 0 => ":agent", 1 => $":delay={1 + draws.Below(8)}s", _ => "" };
            var end = draws.Below(3) switch { 0 => ":limit=15s:hold", 1 => ":limit=1h", _ => $":limit={9 + draws.Below(20)}s" };
            text.Append(CultureInfo.InvariantCulture, $" after={other}{gate}{end}");
        }

        return text.ToString();
    }

    private void WriteStorages(StringBuilder text)
    {
        if (!chance.Happens(50))
            return;
        Storages.Add("san");
        if (chance.Happens(30))
            Storages.Add("nas");
        text.Append(CultureInfo.InvariantCulture, $"storages: {string.Join(' ', Storages)}\n");
    }

    private string Disks()
    {
        if (Storages.Count == 0)
            return "";
        var disks = string.Concat(Enumerable.Range(0, 1 + chance.Below(2)).Select(_ => $" disk={chance.Of(Storages)}"));
        return disks + (chance.Happens(10) ? " disk=local" : "") + chance.Of(StorageProofs);
    }
}
