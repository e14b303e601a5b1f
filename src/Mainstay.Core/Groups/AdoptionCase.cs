using Mainstay.Core.Model;
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

    /// <summary>All other hosts have said, in these sessions, that they run no copy; null as long as they have not.</summary>
    public ValueList<HostSession>? Clear { get; set; }

    public int TriesLeft { get; set; } = Tries;

    /// <summary>The same request, from the beginning: who joined meanwhile is asked as well.</summary>
    public AdoptionCase Anew() => new(Operation, Request, Until) { TriesLeft = TriesLeft };

    /// <summary>What is to be written of the guest as it was found.</summary>
    public GroupSpec SpecOf(GuestDefinition found, bool runs) => new(
        found.Uuid,
        found.Xml,
        found.MemoryMiB,
        runs ? DesiredState.Running : DesiredState.Stopped,
        runs ? "it ran when it was protected" : "it did not run when it was protected",
        false,
        Request.OnGuestShutdown,
        found.Autostart,
        null)
    {
        OnIsolation = Request.OnIsolation,
        StorageProof = Request.StorageProof,
        Disks = found.Disks,
        OnRepeatedLoss = Request.OnRepeatedLoss, Tier = Request.Tier, Yields = Request.Yields,
    };
}
