namespace Mainstay.Lab.Control;

/// <summary>One line from the supervisor: an error in words, or what was asked for.</summary>
internal sealed record LabReply
{
    public string? Error { get; init; }

    public LabStatus? Status { get; init; }

    public IReadOnlyList<int>? Pids { get; init; }
}
