namespace Mainstay.Hypervisor.Libvirt;

/// <summary>How libvirt is reached and how long it may take to answer.</summary>
public sealed record LibvirtOptions
{
    /// <summary>The connection URI; a private daemon is named by <c>qemu:///system?socket=PATH</c>.</summary>
    public string Uri { get; init; } = "qemu:///system";

    /// <summary>The limit of every call but a start. Destroying a guest that ignores SIGTERM goes on without libvirt after it.</summary>
    public TimeSpan CallLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The limit of a start, which may have to clear the memory of a large guest.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a killed process may take to end before it counts as stuck in the kernel.</summary>
    public TimeSpan KillLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whole seconds between the keepalive messages that show a hung libvirtd, on the connection that watches it. The others, which only
    /// bring calls with limits of their own, send one in the time of all of these: each costs both sides a dozen wake-ups.
    /// </summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A connection is given up after this many unanswered keepalive messages.</summary>
    public int KeepAliveCount { get; init; } = 5;

    /// <summary>
    /// How many guests are started at a time, each over a thread and a connection of its own. A start is mostly processor time: beyond
    /// two for each core the last guest is not faster and the first is slower.
    /// </summary>
    public int ParallelStarts { get; init; } = Math.Clamp(2 * Environment.ProcessorCount, 2, 8);

    /// <summary>How many stops and other changes are made at a time.</summary>
    public int ParallelChanges { get; init; } = 4;

    internal void Validate()
    {
        Require(Uri.Length > 0, nameof(Uri), Uri, "name a libvirt URI such as qemu:///system");
        Require(CallLimit > TimeSpan.Zero, nameof(CallLimit), CallLimit, "give a positive duration");
        Require(StartLimit > TimeSpan.Zero, nameof(StartLimit), StartLimit, "give a positive duration");
        Require(KillLimit > TimeSpan.Zero, nameof(KillLimit), KillLimit, "give a positive duration");
        Require(KeepAliveInterval >= TimeSpan.FromSeconds(1), nameof(KeepAliveInterval), KeepAliveInterval, "give at least 1s");
        Require(KeepAliveCount > 0, nameof(KeepAliveCount), KeepAliveCount, "give at least 1");
        Require(ParallelStarts is > 0 and <= 64, nameof(ParallelStarts), ParallelStarts, "give 1 to 64");
        Require(ParallelChanges is > 0 and <= 64, nameof(ParallelChanges), ParallelChanges, "give 1 to 64");
    }

    private static void Require(bool holds, string setting, object value, string mend)
    {
        if (!holds)
            throw new ArgumentException($"libvirt option {setting} is '{value}': {mend}.");
    }
}
