using Mainstay.Core.Facts;
using Mainstay.Core.Model;

namespace Mainstay.Engine.Ports;

/// <summary>Where facts go, each once: log, journal and followers. Never waits: a disk that hangs must not hold the node.</summary>
public interface IFactJournal
{
    void Add(Fact fact, Instant at);

    /// <summary>Something of the shell itself that only its log needs to say.</summary>
    void Note(ShellNote note);
}

/// <summary>What the shell saw that is no fact of the cluster.</summary>
public abstract record ShellNote
{
    private ShellNote()
    {
    }

    /// <summary>A stored value of a newer version, or a damaged one, was left out.</summary>
    public sealed record StoredValueSkipped(string Why) : ShellNote;

    public sealed record HypervisorLost(string Why) : ShellNote;

    public sealed record HypervisorFound : ShellNote;

    public sealed record BeaconLost(string Why) : ShellNote;

    public sealed record BeaconFound : ShellNote;
}
