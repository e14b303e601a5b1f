using Mainstay.Core.Model;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement.Needs;
using Mainstay.Core.Recovery;

namespace Mainstay.Core.Groups;

/// <summary>One adoption under way on this host.</summary>
/// <param name="until">When the other hosts must have answered.</param>
internal sealed class AdoptionCase(OperationId operation, AdminRequest.Protect request, Instant until)
{
    private const int Tries = 5;

    public OperationId Operation { get; } = operation;

    public AdminRequest.Protect Request { get; } = request;

    public Instant Until { get; } = until;

    /// <summary>Revision of the question to the other hosts, while they are asked.</summary>
    public long? Asked { get; set; }

    /// <summary>All other hosts have said that they run no copy.</summary>
    public bool AllClear { get; set; }

    public int TriesLeft { get; set; } = Tries;

    /// <summary>The same request, from the beginning: who joined meanwhile is asked as well.</summary>
    public AdoptionCase Anew() => new(Operation, Request, Until) { TriesLeft = TriesLeft };

    public static bool Runs(GuestDefinition found) => found.State is GuestRunState.Running or GuestRunState.Paused;

    /// <summary>As it will be stored.</summary>
    public GroupSpec Spec(GuestDefinition found) => new(
        found.Uuid,
        found.Xml,
        found.MemoryMiB,
        Runs(found) ? DesiredState.Running : DesiredState.Stopped,
        Runs(found) ? "it ran when it was protected" : "it did not run when it was protected",
        false,
        Request.OnGuestShutdown,
        found.Autostart,
        null)
    {
        OnIsolation = Request.OnIsolation,
        StorageProof = Request.StorageProof,
        Disks = found.Disks,
        Needs = NeedsReader.Of(found.Xml),
        OnRepeatedLoss = Request.OnRepeatedLoss, Tier = Request.Tier, Yields = Request.Yields,
    };

    public OwnershipRecord Own(GuestDefinition found, HostSession me, Epoch epoch, long incarnation) => new(
        epoch, Runs(found) ? new OwnershipPhase.Claimed(me) : new OwnershipPhase.Free(), $"protected on {me.Host}", [])
    {
        OnIsolation = Request.OnIsolation,
        StorageProof = Request.StorageProof,
        Incarnation = incarnation,
        HasRun = Runs(found),
    };
}
