using System.Text.Json.Serialization;

namespace Mainstay.Contracts.Api;

/// <summary>What became of a request.</summary>
public enum RequestOutcome
{
    /// <summary>Written to the cluster's store; the cluster carries it out.</summary>
    [JsonStringEnumMemberName("accepted")]
    Accepted,

    /// <summary>Nothing was changed; the text says why and what to do.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,

    /// <summary>No answer in time: it may or may not have happened. Look at the status before asking again.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,
}
