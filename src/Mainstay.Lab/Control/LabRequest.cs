namespace Mainstay.Lab.Control;

/// <summary>One line to the supervisor: what is to be done, to which host, and how.</summary>
internal sealed record LabRequest
{
    public required string Verb { get; init; }

    public string? Host { get; init; }

    /// <summary>Made at the same instant.</summary>
    public IReadOnlyList<LinkCut>? Cuts { get; init; }

    public BmcMode? Bmc { get; init; }

    public double DelaySeconds { get; init; }

    public LabProcess? Process { get; init; }

    /// <summary>The host's BMC loses its power together with the host.</summary>
    public bool WithBmc { get; init; }
}
