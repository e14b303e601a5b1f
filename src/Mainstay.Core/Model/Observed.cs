namespace Mainstay.Core.Model;

/// <summary>What was seen, or why nothing is known. Unknown is neither success nor failure (C6).</summary>
public abstract record Observed<T>
{
    private Observed()
    {
    }

    public sealed record Known(T Value) : Observed<T>;

    public sealed record Unknown(string Why) : Observed<T>;
}

/// <summary>Chassis power as a fencing device reads it.</summary>
public enum PowerState
{
    On,
    Off,
}
