using System.Globalization;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Times;

/// <summary>
/// How soon a guest would be back after the loss of its host: as measured when there is enough of that, else by the time limits of the
/// proofs that its host can be given, and by how long its starts took.
/// </summary>
/// <param name="After">The time that is to be expected.</param>
/// <param name="Measured">It is the p95 of its failovers; else it is the least that has to be expected.</param>
/// <param name="Start">The p95 of its starts; null when none was measured.</param>
public sealed record RecoveryForecast(TimeSpan After, bool Measured, TimeSpan? Start)
{
    /// <summary>With fewer failovers the p95 is only the slowest of them.</summary>
    private const int Enough = 3;

    public static RecoveryForecast Of(ClusterView view, GroupId group, HostSession owner)
    {
        var all = view.Recoveries.GetValueOrDefault(group)?.Value.Last ?? [];
        var starts = Percentile.Of(all.Where(m => m.Kind != RecoveryKind.Restart).Select(m => m.Parts.Start).OfType<TimeSpan>(), 95);
        var ready = Percentile.Of(all.Select(m => m.Parts.Ready).OfType<TimeSpan>(), 95);
        TimeSpan[] wholes = [.. all.Where(m => m.Kind == RecoveryKind.Failover).Select(m => m.Whole).OfType<TimeSpan>()];
        return wholes.Length >= Enough && Percentile.Of(wholes, 95) is { } measured
            ? new RecoveryForecast(measured, Measured: true, starts)
            : new RecoveryForecast(
                Proved(view, owner) + (starts ?? TimeSpan.Zero) + (ready ?? TimeSpan.Zero), Measured: false, starts);
    }

    /// <summary>Why the guest would not be back in the time that it is allowed; null when it would, or nobody set one.</summary>
    public static string? Fault(ClusterView view, GroupId group, GroupSpec spec, HostSession owner)
    {
        if (spec.RecoveryBudget is not { } allowed || Of(view, group, owner) is not { } forecast || forecast.After <= allowed)
            return null;
        var start = forecast.Start is { } took ? $" (start takes {Text(took)})" : "";
        return forecast.Measured
            ? $"it would be back after about {Text(forecast.After)}, {Text(allowed)} are allowed{start}"
            : $"it would be back after {Text(forecast.After)} at the earliest, {Text(allowed)} are allowed{start}";
    }

    // A host that hangs is switched off only then; one whose BMC reads off at once is proved dead sooner, which nobody can count on.
    // Without a BMC it is the keepers that wait for the lease to run out, and with neither it would be a person.
    private static TimeSpan Proved(ClusterView view, HostSession owner) =>
        view.Hosts.GetValueOrDefault(owner.Host)?.Value.FenceMethods.IsEmpty == false ? view.Timing.CommitAfter
        : view.Sessions.GetValueOrDefault(owner.Host)?.Value.Lease is { } lease ? lease.Terms.SafeAfter
        : view.Timing.CommitAfter;

    private static string Text(TimeSpan span) => span < TimeSpan.FromSeconds(10)
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} s");
}
