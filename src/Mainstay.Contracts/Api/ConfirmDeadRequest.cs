namespace Mainstay.Contracts.Api;

/// <summary>A person vouches that a host is dead: its guests are started elsewhere without another proof.</summary>
public sealed record ConfirmDeadRequest
{
    public required string Host { get; init; }

    /// <summary>The host's name typed once more; refused when it differs.</summary>
    public required string Typed { get; init; }

    /// <summary>How he knows; kept in the journal and the fence record.</summary>
    public required string Reason { get; init; }

    /// <summary>The session that he was shown, 16 hexadecimal digits: a later one is refused. Null: whichever is current.</summary>
    public string? Session { get; init; }

    /// <summary>Who vouches.</summary>
    public required string By { get; init; }
}
