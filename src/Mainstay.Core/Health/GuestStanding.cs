namespace Mainstay.Core.Health;

/// <summary>How safe a protected guest is now, and why it is not safer.</summary>
public abstract record GuestStanding
{
    private GuestStanding()
    {
    }

    /// <summary>The loss of the host it runs on is survived.</summary>
    public sealed record Protected : GuestStanding;

    /// <summary>It runs, or should, but the next loss could keep it down.</summary>
    public sealed record AtRisk(string Because) : GuestStanding;

    /// <summary>Nothing will restart it.</summary>
    public sealed record NotProtected(string Because) : GuestStanding;
}
