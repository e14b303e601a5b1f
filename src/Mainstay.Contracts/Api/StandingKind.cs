using System.Text.Json.Serialization;

namespace Mainstay.Contracts.Api;

/// <summary>How safe a guest is right now, as <c>status</c> shows it; the reason stands beside it.</summary>
public enum StandingKind
{
    /// <summary>The loss of any one host is survived.</summary>
    [JsonStringEnumMemberName("protected")]
    Protected,

    /// <summary>It runs, or should, but one more loss would keep it down, or leave it to a person.</summary>
    [JsonStringEnumMemberName("at_risk")]
    AtRisk,

    /// <summary>Nothing will restart it: it is stopped on purpose, blocked, or the cluster cannot act.</summary>
    [JsonStringEnumMemberName("not_protected")]
    NotProtected,
}
