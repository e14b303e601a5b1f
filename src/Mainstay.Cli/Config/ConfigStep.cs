using Mainstay.Cli.Agent;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Config;

/// <summary>One difference between the file and the cluster.</summary>
/// <param name="Subject">Such as <c>guest db</c>.</param>
/// <param name="Setting">Such as <c>tier</c>; empty when it is about the subject as a whole.</param>
internal sealed record ConfigChange(string Subject, string Setting, string Now, string Wanted)
{
    public const string None = "none";

    public override string ToString() =>
        Setting.Length == 0 ? $"{Subject}: {Now} → {Wanted}" : $"{Subject}: {Setting} {Now} → {Wanted}";
}

/// <summary>Differences that one request makes.</summary>
/// <param name="Ask">Asks for them.</param>
internal sealed record ConfigStep(
    ConfigTurn Turn, IReadOnlyList<ConfigChange> Changes, Func<Call, CancellationToken, Task<ApiAnswer<RequestReply>>> Ask);

/// <summary>The order of requests: what others stand on first, so that none is refused for want of what the file says as well.</summary>
internal enum ConfigTurn
{
    Labels,
    Cluster,

    /// <summary>Before others are set, which they may clash with.</summary>
    RulesRemoved,
    Rules,
    Policies,

    /// <summary>Before others are set: then no circle arises on the way.</summary>
    OrderRemoved,
    Order,

    /// <summary>Before others are set: a guest is part of one.</summary>
    AppsLeft,
    Apps,

    /// <summary>Before others go into it: there is more room.</summary>
    MaintenanceOff,
    MaintenanceOn,
}
