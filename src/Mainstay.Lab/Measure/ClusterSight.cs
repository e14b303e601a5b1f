using System.Diagnostics;
using System.Text.Json;
using Mainstay.Contracts.Api;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Measure;

/// <summary>
/// Asks Mainstay on a host of the lab how things stand, as an administrator would, and waits until they stand as they should.
/// </summary>
internal sealed class ClusterSight(LabCluster lab, FactFeed feed)
{
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>What <c>mainstay status --json</c> says on a host, or why it says nothing.</summary>
    public async Task<(StatusReply? Status, string Why)> Ask(string host, CancellationToken cancel)
    {
        var outcome = await lab.Exec(host, ["mainstay", "status", "--json"], AskLimit, cancel).ConfigureAwait(false);
        // The exit code also says whether all is well, so the answer counts, not the code.
        if (outcome is not CommandOutcome.Exited { Output.Length: > 0 } exited)
            return (null, outcome.Describe());
        try
        {
            var status = JsonSerializer.Deserialize(exited.Output, ApiJson.Default.StatusReply);
            return (status, status is null ? "an empty answer" : "");
        }
        catch (JsonException)
        {
            return (null, outcome.Describe());
        }
    }

    /// <summary>Until <paramref name="lacking"/> finds nothing lacking in a host's status.</summary>
    public async Task<StatusReply> WaitUntil(
        string host, string what, Func<StatusReply, string?> lacking, TimeSpan limit, CancellationToken cancel)
    {
        var last = "nothing was asked yet";
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < limit; await Task.Delay(Pause, cancel).ConfigureAwait(false))
        {
            var (status, why) = await Ask(host, cancel).ConfigureAwait(false);
            if (status is not null && lacking(status) is not { } lack)
                return status;
            last = status is null ? why : lacking(status) ?? "";
        }

        throw new LabException($"{what} did not come about within {limit.TotalSeconds:0} s, says {host}: {last}\n{feed.LastFacts()}");
    }

    /// <summary>All hosts online and fenceable, a leader, and each of the guests running and protected; what is lacking, or null.</summary>
    public static string? LackingForFailover(StatusReply status, IReadOnlyList<string> hosts, IReadOnlyList<string> guests)
    {
        if (status.Cluster.Leader is null)
            return "nobody leads";
        foreach (var name in hosts)
        {
            if (LackingOf(status, name) is { } lack)
                return lack;
        }

        foreach (var name in guests)
        {
            var guest = status.Guests.FirstOrDefault(known => known.Name == name);
            if (guest is null)
                return $"{name} is not protected yet";
            if (guest is not { State: "running", Standing: StandingKind.Protected })
                return $"{name} is {guest.State}, {guest.Standing}: {guest.Because}";
        }

        return null;
    }

    /// <summary>Every host keeps a lease, so that its death can be proved without its BMC; what is lacking, or null.</summary>
    public static string? LackingLease(StatusReply status) =>
        status.Hosts.FirstOrDefault(host => host is { Witness: false, Fencing.LeaseSeconds: null }) is { } without
            ? $"{without.Name} keeps no lease" : null;

    /// <summary>What a host lacks to be a full member; null when it is one.</summary>
    public static string? LackingOf(StatusReply status, string name) =>
        status.Hosts.FirstOrDefault(known => known.Name == name) switch
        {
            null => $"{name} is no member",
            { State: not "online" } host => $"{name} is {host.State}: {host.Why}",
            { Agent: not "answers" } host => $"the agent of {name} is {host.Agent}",
            { Fencing.Ready: false } host => $"{name}: {host.Fencing.Why}",
            _ => null,
        };
}
