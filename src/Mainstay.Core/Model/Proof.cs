namespace Mainstay.Core.Model;

/// <summary>
/// Evidence, bound to a session, that it can no longer run guests. Each kind says when it is sufficient (S2).
/// </summary>
public abstract record Proof
{
    private Proof(string evidence) => Evidence = evidence;

    /// <summary>What was seen, for people: method, reading and who read it.</summary>
    public string Evidence { get; }

    /// <summary>The kind's stable name, for stored form and display.</summary>
    public abstract string Kind { get; }

    /// <summary>The power of the host was read as off after the event, for this session.</summary>
    public sealed record Power(string Seen) : Proof(Seen)
    {
        public override string Kind => "power";
    }

    /// <summary>The host registered with another boot id: the old kernel is gone.</summary>
    public sealed record NewBoot(string Seen) : Proof(Seen)
    {
        public override string Kind => "new-boot";
    }

    /// <summary>The crash kernel of the host said that this session has crashed: nothing of it runs any more.</summary>
    public sealed record CrashDump(string Seen) : Proof(Seen)
    {
        public override string Kind => "kdump";
    }

    /// <summary>The host itself stopped everything and showed it.</summary>
    public sealed record Orderly(string Seen) : Proof(Seen)
    {
        public override string Kind => "orderly";
    }

    /// <summary>
    /// A majority of keepers consented: its own beacon has killed its guests, or its watchdog has reset it. Says nothing of guests that
    /// run on in isolation (<see cref="IsolationPolicy.Keep"/>).
    /// </summary>
    public sealed record Lease(string Seen) : Proof(Seen)
    {
        public override string Kind => "lease";
    }

    /// <summary>
    /// The host was cut off from a storage, with a barrier: nothing of it is written there any more. It may still execute. Covers a guest
    /// only together with those of all its other disks, and as its policy allows (<see cref="StorageProofPolicy"/>).
    /// </summary>
    /// <param name="Volumes">The disks that this speaks of, ordered.</param>
    public sealed record Storage(string Seen, string Name, ValueList<string> Volumes) : Proof(Seen)
    {
        public override string Kind => "storage";
    }

    /// <summary>A person confirmed the death, with a reason.</summary>
    public sealed record Person(string Seen) : Proof(Seen)
    {
        public override string Kind => "person";
    }
}
