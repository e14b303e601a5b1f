using Mainstay.Core.Model;

namespace Mainstay.Core.Facts;

/// <summary>The text of facts about the start of a guest, and about what it waits for.</summary>
internal static class StartFactText
{
    public static ValueList<FactField> FieldsOf(Fact fact) => fact switch
    {
        Fact.StartWaits f => Of(f.Group, f.Host, new("after", f.After.Name), new("gate", f.Gate), new("why", f.Why)),
        Fact.StartOrderGivenUp f => Of(f.Group, f.Host, new("after", f.After.Name), new("why", f.Why)),
        Fact.StartHeld f => Of(f.Group, f.Host, new("after", f.After.Name), new("why", f.Why)),
        Fact.GuestAgentAnswered f => Of(f.Group, f.Host),
        Fact.GuestStarting f => In(f.Group, f.Epoch, f.Host),
        Fact.GuestStarted f => In(f.Group, f.Epoch, f.Host),
        Fact.GuestStartFailed f => [.. In(f.Group, f.Epoch, f.Host), new("why", f.Why)],
        _ => throw new InvalidOperationException($"{fact} is not about a start."),
    };

    public static string SentenceOf(Fact fact) => fact switch
    {
        Fact.StartWaits f => $"{f.Group} is ready on {f.Host} and is started after {f.After} ({f.Gate}): {f.Why}",
        Fact.StartOrderGivenUp f => $"{f.Group} waits no longer on {f.Host} for {f.After}: {f.Why}",
        Fact.StartHeld f => $"{f.Group} is not started on {f.Host}: {f.Why}",
        Fact.GuestAgentAnswered f => $"the agent in {f.Group} on {f.Host} has answered",
        Fact.GuestStarting f => $"{f.Group} epoch {f.Epoch} is starting on {f.Host}",
        Fact.GuestStarted f => $"{f.Group} epoch {f.Epoch} runs on {f.Host}",
        Fact.GuestStartFailed f => $"{f.Group} epoch {f.Epoch} did not start on {f.Host}: {f.Why}",
        _ => throw new InvalidOperationException($"{fact} is not about a start."),
    };

    private static ValueList<FactField> Of(GroupId group, HostId host, params ReadOnlySpan<FactField> more) =>
        [new("group", group.Name), new("host", host.Name), .. more];

    private static ValueList<FactField> In(GroupId group, Epoch epoch, HostId host) =>
        [new("group", group.Name), new("epoch", epoch.ToString()), new("host", host.Name)];
}
