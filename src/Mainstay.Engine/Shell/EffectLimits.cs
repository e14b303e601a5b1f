namespace Mainstay.Engine.Shell;

/// <summary>How long each kind of effect may take and how many of a kind run at once (C9). What takes longer is Unknown.</summary>
public sealed record EffectLimits
{
    public TimeSpan Store { get; init; } = TimeSpan.FromSeconds(5);

    public int StoreAtOnce { get; init; } = 16;

    /// <summary>A BMC that does not answer within this is not read; the node asks again.</summary>
    public TimeSpan PowerRead { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Off and the reading after it; fence agents wait for the power to go by themselves.</summary>
    public TimeSpan PowerSwitch { get; init; } = TimeSpan.FromSeconds(40);

    public int PowerAtOnce { get; init; } = 8;

    /// <summary>
    /// A command against a storage is ended then. The core counts on it: no storage is given back while one may still be under way.
    /// </summary>
    public TimeSpan Storage { get; init; } = TimeSpan.FromSeconds(10);

    public int StoragesAtOnce { get; init; } = 64;

    /// <summary>The beacon answers from memory.</summary>
    public TimeSpan Token { get; init; } = TimeSpan.FromSeconds(1);

    public int TokensAtOnce { get; init; } = 32;

    public TimeSpan GuestStart { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>As many as libvirtd has ordinary workers, less some for everything else.</summary>
    public int StartsAtOnce { get; init; } = 16;

    /// <summary>How long a guest may take to shut down when asked, before it is ended.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>On top of the grace: the end of the process and the proof that none is left.</summary>
    public TimeSpan GuestStop { get; init; } = TimeSpan.FromSeconds(30);

    public int StopsAtOnce { get; init; } = 16;

    /// <summary>A few small files on the guests' storage.</summary>
    public TimeSpan Stamp { get; init; } = TimeSpan.FromSeconds(5);

    public int StampsAtOnce { get; init; } = 16;

    /// <summary>A guest's agent that does not answer within this does not answer; it is asked again.</summary>
    public TimeSpan AgentAnswer { get; init; } = TimeSpan.FromSeconds(4);

    public int AgentsAtOnce { get; init; } = 64;

    /// <summary>Listing, definitions and flags.</summary>
    public TimeSpan GuestQuery { get; init; } = TimeSpan.FromSeconds(10);

    public int QueriesAtOnce { get; init; } = 4;

    /// <summary>Between two looks at what this host has of all that guests need.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The same while something is missing or was not found out.</summary>
    public TimeSpan LookAgain { get; init; } = TimeSpan.FromSeconds(3);

    public TimeSpan MeasureEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Between two signs of life to the beacon and to the service supervisor.</summary>
    public TimeSpan ProgressEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Inputs that wait; senders are held back when it is full.</summary>
    public int Inbox { get; init; } = 4096;
}
