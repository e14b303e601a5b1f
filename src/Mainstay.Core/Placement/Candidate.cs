using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Restoration;

namespace Mainstay.Core.Placement;

/// <summary>A host in a placement: whether it takes guests at all, and what room it has left.</summary>
internal sealed class Candidate
{
    private const int GroupPenalty = 10;

    private readonly long[] capacity;
    private readonly long[] free;

    private Candidate(ValueList<string> faults, HostLoad? load, HostOffer? offer, Dimensions dimensions)
    {
        (Faults, Offer, IsMeasured, LoadPercent) = (faults, offer, load is not null, load?.LoadPercent ?? 0);
        capacity = dimensions.Capacity(load, offer);
        free = dimensions.Free(load, offer);
    }

    /// <summary>Why it takes no guests now; empty when it does.</summary>
    public ValueList<string> Faults { get; }

    /// <summary>The first and weightiest of them.</summary>
    public string? Unfit => Faults.IsEmpty ? null : Faults[0];

    /// <summary>What it has for guests in this session; null when it did not say.</summary>
    public HostOffer? Offer { get; }

    /// <summary>Its memory is known.</summary>
    public bool IsMeasured { get; }

    public int LoadPercent { get; }

    /// <summary>Percent of processor load, and what the groups that belong to the host count.</summary>
    public int Burden => LoadPercent + (GroupPenalty * Groups);

    public ReadOnlySpan<long> Capacity => capacity;

    public ReadOnlySpan<long> Free => free;

    private int Groups { get; set; }

    /// <summary>All hosts, in the order of their names.</summary>
    public static KeyValuePair<HostId, Candidate>[] All(ClusterView view, Func<HostId, string?> unfit, Dimensions dimensions) =>
        [.. view.Hosts.Select(host => KeyValuePair.Create(host.Key, Judge(view, host.Key, host.Value.Value, unfit, dimensions)))];

    private static Candidate Judge(ClusterView view, HostId host, HostConfig config, Func<HostId, string?> unfit, Dimensions dimensions)
    {
        var session = view.OnlineSession(host);
        var load = Current(view.Loads.GetValueOrDefault(host)?.Value, session, load => load.Session);
        var offer = Current(view.Offers.GetValueOrDefault(host)?.Value, session, offer => offer.Session);
        var faults = new List<string?>();
        if (config.Witness)
            faults.Add("it is a witness");
        if (session is null)
            faults.Add("not online");
        else if (view.Sessions[host].Value.Leaving is not null)
            faults.Add("it is being shut down");
        if (session is not null && SpentRules.Of(view, host) is { IsEmpty: false } storages)
            faults.Add($"it is cut off from {string.Join(", ", storages)}");
        else if (session is not null && SpentRules.IsEnding(view, host))
            faults.Add("its session is about to end");
        if (config.Maintenance)
            faults.Add("in maintenance");
        if (view.Quarantines.GetValueOrDefault(host)?.Value is { } quarantine)
            faults.Add($"in quarantine: {quarantine.Why}");
        if (session is not null && !config.Witness)
            faults.Add(load is null ? "its capacity is not known yet" : load.HypervisorOk ? null : "its libvirtd does not answer");
        faults.Add(unfit(host));
        return new Candidate(faults.OfType<string>().ToValueList(), load, offer, dimensions);
    }

    public void Take(ReadOnlySpan<long> needs)
    {
        for (var d = 0; d < needs.Length; d++)
            free[d] -= needs[d];
        Groups++;
    }

    // What an earlier life of the host had says nothing about this one.
    private static T? Current<T>(T? value, HostSession? session, Func<T, SessionId> of)
        where T : class =>
        value is not null && session is { } now && of(value) == now.Session ? value : null;
}
