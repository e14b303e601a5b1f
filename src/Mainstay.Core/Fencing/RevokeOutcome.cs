namespace Mainstay.Core.Fencing;

/// <summary>What became of cutting a host off from a storage. Only <see cref="Strong"/> proves anything.</summary>
public abstract record RevokeOutcome
{
    private RevokeOutcome()
    {
    }

    /// <summary>
    /// Seen on every path: nothing that the host sends is written any more, and nothing that it sent before is still on its way.
    /// </summary>
    public sealed record Strong(string Evidence) : RevokeOutcome;

    /// <summary>It can send nothing new, but what it sent before may still be written: no barrier.</summary>
    public sealed record Weak(string Why) : RevokeOutcome;

    /// <summary>No answer, a time limit, or a reading that says otherwise.</summary>
    public sealed record Unknown(string Why) : RevokeOutcome;
}

/// <summary>What became of giving a storage back to a host.</summary>
public abstract record RestoreOutcome
{
    private RestoreOutcome()
    {
    }

    /// <summary>The host has access with this session.</summary>
    public sealed record Done : RestoreOutcome;

    public sealed record Failed(string Why) : RestoreOutcome;
}
