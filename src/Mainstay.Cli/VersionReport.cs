using Mainstay.Contracts.Api;

namespace Mainstay.Cli;

/// <summary>The versions of program and agent, as <c>version --json</c> prints them.</summary>
internal sealed record VersionReport
{
    public required string Version { get; init; }

    /// <summary>Null when it did not answer.</summary>
    public AgentReply? Agent { get; init; }

    /// <summary>Why it did not answer; null when it did.</summary>
    public string? AgentWhy { get; init; }
}
