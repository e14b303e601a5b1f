namespace Mainstay.Lab;

/// <summary>The lab cannot do what was asked; the message says what is wrong and what mends it.</summary>
public sealed class LabException : Exception
{
    public LabException()
    {
    }

    public LabException(string message)
        : base(message)
    {
    }

    public LabException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Something was to be done on a host that has no power now; its watchdog may have reset it a moment ago.</summary>
    public bool HostIsOff { get; private init; }

    internal static LabException Off(string host) =>
        new($"{host} is off. Bring it back with 'mainstay lab revive {host}'.") { HostIsOff = true };
}
