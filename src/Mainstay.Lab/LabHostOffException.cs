namespace Mainstay.Lab;

/// <summary>Something was to be done on a host of the lab that has no power now; its watchdog may have reset it a moment ago.</summary>
public sealed class LabHostOffException : LabException
{
    public LabHostOffException()
    {
    }

    public LabHostOffException(string host)
        : base($"{host} is off. Bring it back with 'mainstay lab revive {host}'.")
    {
    }

    public LabHostOffException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
