using Mainstay.Agent.Member;
using Mainstay.Contracts.Api;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ordering;
using Mainstay.Core.Ownership;

namespace Mainstay.Agent.Api;

/// <summary>What the status says of the order of guests, and of applications. Pure.</summary>
internal static class OrderStates
{
    public static GuestStatus With(
        GuestStatus guest,
        ClusterView view,
        GroupSpec spec,
        OwnershipRecord? own,
        Func<HostId, bool> isSilent,
        IReadOnlyDictionary<HostId, PeerAnswer<LocalReply>> answers) => guest with
        {
            Tier = spec.Tier,
            Application = spec.Order.Application,
            After = [.. spec.Order.After.Select(edge => One(view, edge, isSilent))],
            Waits = guest.State != "starting" || guest.Host is null ? null
                : answers.GetValueOrDefault(new HostId(guest.Host)) is PeerAnswer<LocalReply>.Answered { Value: var local }
                    ? local.Waiting.GetValueOrDefault(guest.Name)
                : null,
            AgentAnswered = own is not null && IsAsked(view, new GroupId(guest.Name)) ? own.AgentAnswered : null,
        };

    public static IReadOnlyList<AppStatus> Applications(IReadOnlyList<GuestStatus> guests) =>
    [
        .. guests.Where(guest => guest.Application is not null).GroupBy(guest => guest.Application ?? "", StringComparer.Ordinal)
            .OrderBy(app => app.Key, StringComparer.Ordinal).Select(app => Application(app.Key, [.. app])),
    ];

    public static IReadOnlyList<string> Explain(GuestStatus guest) =>
    [
        .. guest.Waits is { } waits ? [$"Its start waits: {waits}"] : Array.Empty<string>(),
        .. guest.After.Select(edge => $"After {edge.On} ({Gate(edge)}), at most {Limit(edge)}, then "
            + $"{(edge.Then == "hold" ? "it is held" : "it starts all the same")}: {edge.Why}"),
    ];

    private static AppStatus Application(string name, GuestStatus[] guests)
    {
        var wanted = guests.Where(guest => guest.Desired == "running").ToArray();
        var running = wanted.Count(guest => guest.State == "running");
        var missing = Array.Find(wanted, guest => guest.State != "running" && guest.Waits is not null)
            ?? Array.Find(wanted, guest => guest.State != "running");
        var state = wanted.Length == 0 ? (Array.TrueForAll(guests, guest => guest.State == "stopped") ? "stopped" : "stopping")
            : running == wanted.Length ? (wanted.Length == guests.Length ? "running" : "degraded")
            : Array.Exists(wanted, guest => guest.State == "starting") ? "starting"
            : running == 0 ? "down" : "degraded";
        var said = missing is null ? null
            : $"{missing.Name} is {missing.State}{((missing.Waits ?? missing.Because) is { } why ? $": {why}" : "")}";
        return new AppStatus
        {
            Name = name,
            State = state,
            Why = state is "running" or "stopped" ? null
                : $"{guests.Count(guest => guest.State == "running")} of {guests.Length} run{(said is null ? "" : $"; {said}")}",
            Guests = [.. guests.Select(guest => guest.Name)],
        };
    }

    private static DependencyStatus One(ClusterView view, StartDependency edge, Func<HostId, bool> isSilent)
    {
        var waits = StartOrder.Waits(view, edge, isSilent);
        return new DependencyStatus
        {
            On = edge.On.Name,
            Gate = OrderCodec.Of(edge.Gate),
            DelaySeconds = edge.Delay.TotalSeconds,
            LimitSeconds = edge.Limit.TotalSeconds,
            Then = OrderCodec.Of(edge.Then),
            Open = waits is null,
            Why = waits ?? StartOrder.WhyNot(view, edge, isSilent) ?? "nothing is known of it",
        };
    }

    private static bool IsAsked(ClusterView view, GroupId group) =>
        view.Groups.Values.Any(spec => spec.Value.Order.After.Any(edge => edge.On == group && edge.Gate == StartGate.Agent));

    private static string Gate(DependencyStatus edge) =>
        edge.Gate == "delay" ? $"delay={StartDependency.Words(TimeSpan.FromSeconds(edge.DelaySeconds))}" : edge.Gate;

    private static string Limit(DependencyStatus edge) => StartDependency.Words(TimeSpan.FromSeconds(edge.LimitSeconds));
}
