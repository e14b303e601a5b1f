using Mainstay.Contracts.Api;

namespace Mainstay.Lab.Soak;

/// <summary>Compares what the agents said during a round with what its faults allow.</summary>
internal static class SoakJudge
{
    /// <summary>Facts that say that a host was given up or that guests were given to another.</summary>
    private static readonly string[] Upheaval = ["FencingStarted", "HostFenced", "GroupAssigned", "StrayStopped", "SessionLost"];

    /// <summary>What a single harmless fault brought about although it must not (S9); one sentence per fact.</summary>
    public static IEnumerable<string> NeedlessMoves(IReadOnlyList<SoakFault> faults, IEnumerable<EventEntry> facts) =>
        faults is [{ IsHarmless: true } fault]
            ? facts.Where(entry => Upheaval.Contains(entry.Fact) && !IsOwnRecovery(fault, entry))
                .Select(entry => $"{fault} must move nothing (S9), but: {entry.Text}")
            : [];

    /// <summary>
    /// A host whose BMC went with it can be proved dead by its lease only, where it keeps one (S2); one sentence per fact that says
    /// otherwise.
    /// </summary>
    public static IEnumerable<string> ProofsFromNothing(SoakFault fault, bool leases, IEnumerable<EventEntry> facts) =>
        facts.Where(entry => entry.Fact == "HostFenced" && entry.Fields.GetValueOrDefault("host") == fault.Host
                && !(leases && entry.Fields.GetValueOrDefault("proof") == "lease"))
            .Select(entry => $"{fault}: nobody could know of its death (S2), but: {entry.Text}");

    /// <summary>A single harmless fault has no host reset (S9).</summary>
    public static IEnumerable<string> NeedlessResets(IReadOnlyList<SoakFault> faults, int resets) =>
        resets > 0 && faults is [{ IsHarmless: true } fault] ? [$"{fault} must reset no host (S9), but a watchdog did"] : [];

    /// <summary>When the last of these guests was started on another host; null when one was not.</summary>
    public static DateTimeOffset? AllElsewhere(IReadOnlyList<string> guests, string victim, IEnumerable<EventEntry> facts)
    {
        var started = facts.Where(entry => entry.Fact == "GuestStarted" && entry.Fields.GetValueOrDefault("host") != victim)
            .ToLookup(entry => entry.Fields.GetValueOrDefault("group") ?? "", entry => entry.Time);
        return guests.All(started.Contains) && guests.Count > 0 ? guests.Max(guest => started[guest].Min()) : null;
    }

    /// <summary>A guest that crashes again and again is tried elsewhere (L2).</summary>
    private static bool IsOwnRecovery(SoakFault fault, EventEntry entry) =>
        fault.Kind == SoakKind.CrashGuest && entry.Fact == "GroupAssigned";
}
