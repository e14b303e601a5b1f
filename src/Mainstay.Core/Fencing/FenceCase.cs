using Mainstay.Core.Model;

namespace Mainstay.Core.Fencing;

/// <summary>One session that fell silent, as the leader works on it.</summary>
internal sealed class FenceCase(HostSession target, Instant since, long incarnation)
{
    public HostSession Target { get; } = target;

    /// <summary>
    /// The incarnation of the store in which it began. What was asked for before a restore says nothing of what came after: the host may
    /// have begun another life in the lost time.
    /// </summary>
    public long Incarnation { get; } = incarnation;

    public Instant SuspectedAt { get; } = since;

    /// <summary>When this leader itself put the session into Fencing; null when it found it so.</summary>
    public Instant? CommittedHere { get; set; }

    /// <summary>Since when a host in Fencing is heard again.</summary>
    public Instant? HeardSince { get; set; }

    /// <summary>When a fence device last answered at all: what shows that this host's own network works.</summary>
    public Instant? DeviceAnsweredAt { get; set; }

    /// <summary>A reading of off that is about to count; null while there is none.</summary>
    public (Instant At, FenceMethod Method, string Evidence)? ReadOff { get; set; }

    /// <summary>When the host's power last read as on.</summary>
    public Instant? ReadOnAt { get; set; }

    /// <summary>A fence device said that its power is on.</summary>
    public bool SeenOn { get; set; }

    public bool BeaconReported { get; set; }

    public bool AlarmRaised { get; set; }

    /// <summary>Why fencing is held, once reported.</summary>
    public string? Held { get; set; }

    public SortedDictionary<string, MethodTries> Reads { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, MethodTries> Offs { get; } = new(StringComparer.Ordinal);

    /// <summary>When this leader itself wrote down which storages it cuts off; null when it found it so.</summary>
    public Instant? AnnouncedAt { get; set; }

    public SortedDictionary<string, StorageTries> Storages { get; } = new(StringComparer.Ordinal);

    /// <summary>What was asked of one storage, and what was seen last.</summary>
    internal sealed class StorageTries
    {
        public MethodTries Tries { get; } = new();

        public ValueList<string> Asked { get; set; }

        public Proof.Storage? Seen { get; set; }
    }

    /// <summary>One method's tries: at most one under way, then a pause that grows.</summary>
    internal sealed class MethodTries
    {
        private int failures;

        public bool UnderWay { get; set; }

        public Instant NotBefore { get; set; }

        public string? LastFailure { get; private set; }

        /// <summary>True when this failure says something new.</summary>
        public bool Failed(string why, Instant now, TimeSpan firstPause, TimeSpan longestPause)
        {
            var pause = firstPause * Math.Pow(2, Math.Min(failures++, 8));
            NotBefore = now + (pause < longestPause ? pause : longestPause);
            var isNew = LastFailure != why;
            LastFailure = why;
            return isNew;
        }
    }
}
