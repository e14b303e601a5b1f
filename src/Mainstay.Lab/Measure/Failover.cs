using System.Globalization;
using Mainstay.Contracts.Api;
using Mainstay.Lab.Guests;

namespace Mainstay.Lab.Measure;

/// <summary>Collects what facts and guests say after a host's death, and when, into the times of its phases.</summary>
internal sealed class Failover
{
    private const int MostNames = 10;

    private readonly SortedDictionary<string, GuestTimes> guests = new(StringComparer.Ordinal);
    private readonly KillMoment death;

    public Failover(string victim, IEnumerable<string> guests, KillMoment death)
    {
        Victim = victim;
        this.death = death;
        foreach (var guest in guests)
            this.guests.Add(guest, new GuestTimes { Guest = guest });
    }

    public string Victim { get; }

    /// <summary>The first survivor calls the host suspect.</summary>
    public double? Suspected { get; private set; }

    /// <summary>The proof of its death stands in the store.</summary>
    public double? Proved { get; private set; }

    public string? Proof { get; private set; }

    /// <summary>The guests of the dead host, ordered by name.</summary>
    public IReadOnlyList<GuestTimes> Guests =>
        [.. guests.Values.OrderBy(times => times.Guest.Length).ThenBy(times => times.Guest, StringComparer.Ordinal)];

    /// <summary>Guests that found another writer on their disk: double runs.</summary>
    public SortedSet<string> SawForeignWriter { get; } = new(StringComparer.Ordinal);

    public double? LastAssigned => Last(times => times.Assigned);

    public bool AllStarted => guests.Values.All(times => times.Started is not null);

    public bool AllSpeak => guests.Values.All(times => times.Speaks is not null) && AllStarted;

    /// <summary>The times of one phase in their order; null when a guest lacks it.</summary>
    public IReadOnlyList<double>? Sorted(Func<GuestTimes, double?> phase) =>
        guests.Values.Select(phase).ToArray() is var all && all.All(time => time is not null)
            ? [.. all.OfType<double>().Order()] : null;

    /// <summary>Which guests lack something, in words.</summary>
    public string Missing(Func<GuestTimes, double?> phase)
    {
        string[] names = [.. Guests.Where(times => phase(times) is null).Select(times => times.Guest)];
        return names.Length <= MostNames
            ? string.Join(", ", names)
            : string.Create(CultureInfo.InvariantCulture, $"{names.Length} guests, among them {string.Join(", ", names.Take(MostNames))}");
    }

    /// <summary>A line for the timeline when it tells something new.</summary>
    public TimelineLine? Take(EventEntry entry)
    {
        var at = death.SecondsTo(entry.Time);
        if (at < 0 || entry.Host == Victim)
            return null;
        var aboutVictim = entry.Fields.GetValueOrDefault("host") == Victim;
        switch (entry.Fact)
        {
            case "HostSuspected" when aboutVictim && Suspected is null:
                Suspected = at;
                return new TimelineLine(at, $"suspect   {entry.Text} (seen by {entry.Host})");
            case "HostFenced" when aboutVictim && Proved is null:
                Proved = at;
                Proof = entry.Fields.GetValueOrDefault("proof");
                return new TimelineLine(at, $"proof     {entry.Text}");
            case "GroupAssigned" when Of(entry) is { Assigned: null } guest:
                guest.Assigned = at;
                return new TimelineLine(at, $"assigned  {entry.Text}");
            case "GuestStarted" when Of(entry) is { Started: null } guest:
                guest.Started = at;
                guest.Host = entry.Fields.GetValueOrDefault("host") ?? entry.Host;
                return new TimelineLine(at, $"started   {entry.Text}");
            case "FencingStarted" or "FencingHeld" or "FenceAttemptFailed" or "ProofMissing" or "SuspicionCleared" or "StoreLost"
                or "StoreRegained" or "LeaderElected" or "GuestStartFailed" or "GuestFailed" or "GroupUnplaceable" or "GroupBlocked"
                or "GroupQuarantined" or "StrayStopped" or "SessionLost":
                return new TimelineLine(at, $"          {entry.Text}");
            default:
                return null;
        }
    }

    public TimelineLine? Take(GuestEvent said)
    {
        var at = death.SecondsTo(said.Timestamp);
        switch (said)
        {
            case GuestEvent.Spoke when at > 0 && guests.TryGetValue(said.Guest, out var guest) && said.Host != Victim
                && guest.Speaks is null:
                guest.Speaks = at;
                return new TimelineLine(at, $"speaks    {said.Guest} on {said.Host}");
            case GuestEvent.SawForeignWriter when SawForeignWriter.Add(said.Guest):
                return new TimelineLine(at, $"ALARM     {said.Guest} on {said.Host} found another writer on its disk");
            case GuestEvent.DiskFailed:
                return new TimelineLine(at, $"          {said.Guest} on {said.Host}: its disk failed");
            default:
                return null;
        }
    }

    /// <summary>What is known, for a message about a failover that did not end.</summary>
    public string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"suspected {Text(Suspected)}, proved {Text(Proved)}; not assigned: {Or(Missing(times => times.Assigned))}; "
        + $"not started: {Or(Missing(times => times.Started))}; silent: {Or(Missing(times => times.Speaks))}");

    private static string Text(double? seconds) =>
        seconds is { } known ? known.ToString("0.000", CultureInfo.InvariantCulture) + " s" : "never";

    private static string Or(string names) => names.Length > 0 ? names : "none";

    private double? Last(Func<GuestTimes, double?> phase) => Sorted(phase) is [.., var last] ? last : null;

    private GuestTimes? Of(EventEntry entry) =>
        entry.Fields.GetValueOrDefault("group") is { } name && guests.TryGetValue(name, out var times) ? times : null;
}
