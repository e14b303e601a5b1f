using Mainstay.Core.Model;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Recovery;

/// <summary>
/// How often and how soon a failed guest is tried again: in place first, then elsewhere, ever slower, never given up (L3).
/// </summary>
internal static class RestartPolicy
{
    /// <summary>Failures older than this are forgotten.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>A guest that ran this long has recovered: its failed starts are forgotten.</summary>
    public static readonly TimeSpan StableAfter = TimeSpan.FromMinutes(5);

    /// <summary>A guest that ran this long did not take its host down: the losses that it was present at are forgotten.</summary>
    public static readonly TimeSpan HarmlessAfter = TimeSpan.FromHours(1);

    /// <summary>Failed starts kept in the ownership record.</summary>
    public const int KeptFailures = 20;

    private const int FailuresInPlace = 3;
    private const int StartsInPlace = 2;

    /// <summary>Pause before the restart in place after the n-th failure in the window, n from 1; null when it goes elsewhere.</summary>
    public static TimeSpan? InPlaceAfterFailure(int failures) => failures switch
    {
        >= FailuresInPlace => null,
        <= 1 => TimeSpan.Zero,
        _ => TimeSpan.FromSeconds(2),
    };

    /// <summary>Pause before another start in place after the n-th failed start, n from 1; null when it goes elsewhere.</summary>
    public static TimeSpan? InPlaceAfterFailedStart(int failedStarts) =>
        failedStarts < StartsInPlace ? TimeSpan.FromSeconds(1) : null;

    /// <summary>
    /// Pause before the cluster assigns the group again: none until every host had its turn, then 2 s, doubling for each further round, at
    /// most a minute.
    /// </summary>
    public static TimeSpan BeforeAssignment(OwnershipRecord own, int hosts)
    {
        var round = own.Failures.Count / Math.Max(1, hosts);
        return round == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, Math.Min(round, 6))));
    }

    /// <summary>
    /// How far a host comes behind the others for this group: 0 when the group did not fail there within the window, else the more, the
    /// later it did. When it failed everywhere, the host where that is longest ago is tried again: there is no dead end (L3).
    /// </summary>
    public static int Exclusion(OwnershipRecord own, HostId host)
    {
        for (var i = own.Failures.Count - 1; i >= 0; i--)
        {
            if (own.Failures[i].Host == host)
                return i + 1;
        }

        return 0;
    }

    /// <summary>Which hosts come last for it and why.</summary>
    public static string Words(OwnershipRecord own)
    {
        var hosts = own.Failures.Select(failure => failure.Host).Distinct().ToArray();
        return $"it failed to start on {string.Join(", ", hosts)} within {Window.TotalMinutes:0} minutes, so other hosts come first, "
            + "then the one where that is longest ago";
    }

    /// <summary>How long it must run until something that is held against it is forgotten; null when nothing is.</summary>
    public static TimeSpan? ForgetsAfter(OwnershipRecord own) =>
        !own.Failures.IsEmpty ? StableAfter : !own.Losses.IsEmpty ? HarmlessAfter : null;

    /// <summary>The record without that.</summary>
    public static OwnershipRecord Forget(OwnershipRecord own) =>
        !own.Failures.IsEmpty ? own with { Failures = [] } : own with { Losses = [] };

    public static OwnershipRecord WithFailure(OwnershipRecord own, HostId host, string error) =>
        own with { Failures = own.Failures.Add(new StartFailure(host, error)).TakeLast(KeptFailures).ToValueList() };
}
