using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary>What a person waits for a guest to be.</summary>
internal sealed record GuestGoal
{
    public static GuestGoal IsStopped { get; } = new() { Text = "stopped", IsReached = guest => guest.State == "stopped" };

    public required string Text { get; init; }

    public required Func<GuestStatus, bool> IsReached { get; init; }

    /// <summary>It can no longer be reached without another request: says why, or null.</summary>
    public Func<GuestStatus, string?> Missed { get; init; } = guest =>
        guest.State == "blocked" ? $"{guest.Name} is blocked: {guest.Because ?? "no reason given"}" : null;

    public static GuestGoal Runs(string? host) => new()
    {
        Text = host is null ? "running" : $"running on {host}",
        IsReached = guest => guest.State == "running" && (host is null || guest.Host == host),
    };

    /// <summary>Running under a later owner than that of <paramref name="epoch"/>.</summary>
    public static GuestGoal Moved(string? host, long epoch)
    {
        var goal = Runs(host);
        return goal with
        {
            IsReached = guest => goal.IsReached(guest) && guest.Epoch > epoch,
            Missed = guest => host is not null && guest.State == "running" && guest.Epoch > epoch && guest.Host != host
                ? $"{guest.Name} runs on {guest.Host}, not on {host}. See: mainstay explain {guest.Name}"
                : goal.Missed(guest),
        };
    }
}
