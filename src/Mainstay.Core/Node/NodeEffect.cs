using Mainstay.Core.Facts;
using Mainstay.Core.Fencing;
using Mainstay.Core.Groups;
using Mainstay.Core.Lease;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Recovery;

namespace Mainstay.Core.Node;

/// <summary>Everything an agent can ask its shell to do. Each effect with an operation id is answered by exactly one input.</summary>
public abstract record NodeEffect
{
    private NodeEffect()
    {
    }

    /// <summary>Answered by <see cref="NodeInput.StorePersisted"/>.</summary>
    public sealed record Persist(OperationId Operation, StoreTransaction Transaction) : NodeEffect;

    /// <summary>A linearizable read, answered by <see cref="NodeInput.StoreWasRead"/>.</summary>
    public sealed record ReadStore(OperationId Operation, ValueList<StoreKey> Keys) : NodeEffect;

    /// <summary>Answered by <see cref="NodeInput.PowerRead"/>.</summary>
    public sealed record ReadPower(OperationId Operation, HostSession Target, FenceMethod Method) : NodeEffect;

    /// <summary>Switch off, then read; answered by <see cref="NodeInput.PowerSwitched"/>. Idempotent.</summary>
    public sealed record SwitchPowerOff(OperationId Operation, HostSession Target, FenceMethod Method) : NodeEffect;

    /// <summary>
    /// The power-off of this operation is not wanted any more: what has not been sent to the device yet shall not be. The operation is
    /// answered as ever.
    /// </summary>
    public sealed record AbandonPowerOff(OperationId Operation) : NodeEffect;

    /// <summary>
    /// Cut a host off from a storage, and see that it is; answered by <see cref="NodeInput.StorageRevoked"/>. Idempotent. Only after the
    /// fence record of the target names the storage.
    /// </summary>
    /// <param name="Volumes">The disks that matter, ordered.</param>
    public sealed record RevokeStorage(
        OperationId Operation, StorageTarget Target, string Name, StorageConfig Storage, ValueList<string> Volumes) : NodeEffect;

    /// <summary>
    /// Give this host access to a storage for a session that is about to begin; answered by <see cref="NodeInput.StorageRestored"/>. Only
    /// while nothing of an earlier session is left.
    /// </summary>
    public sealed record RestoreStorage(OperationId Operation, StorageTarget Target, string Name, StorageConfig Storage) : NodeEffect;

    /// <summary>
    /// From now on the hook lets this guest start here (S4), and the beacon answers for it when the lease runs out; answered by
    /// <see cref="NodeInput.TokenArmed"/>.
    /// </summary>
    /// <param name="Read">The life of the lease when the store was asked about the ownership: the beacon refuses what is older.</param>
    public sealed record ArmToken(
        OperationId Operation,
        GroupId Group,
        string Uuid,
        Epoch Epoch,
        SessionId Session,
        IsolationPolicy OnIsolation,
        LeaseLife Read) : NodeEffect;

    /// <summary>From now on the hook refuses this guest; answered by <see cref="NodeInput.TokenRevoked"/>.</summary>
    public sealed record RevokeToken(OperationId Operation, GroupId Group, string Uuid) : NodeEffect;

    /// <summary>Answered by <see cref="NodeInput.GuestsListed"/>.</summary>
    public sealed record ListGuests(OperationId Operation) : NodeEffect;

    /// <summary>Define with autostart off and start; answered by <see cref="NodeInput.GuestActed"/>.</summary>
    public sealed record StartGuest(OperationId Operation, GroupId Group, string Uuid, string Definition) : NodeEffect;

    /// <summary>Answered by <see cref="NodeInput.GuestActed"/>, <c>Done</c> only when no process of it is left.</summary>
    public sealed record StopGuest(OperationId Operation, GroupId Group, string Uuid, StopMode Mode) : NodeEffect;

    /// <summary>
    /// Ask the agent in a running guest whether it answers; answered by <see cref="NodeInput.GuestActed"/>, <c>Done</c> when it does.
    /// </summary>
    public sealed record AskAgent(OperationId Operation, GroupId Group, string Uuid) : NodeEffect;

    /// <summary>
    /// Remove the local definition of a stopped guest that is owned elsewhere; answered by <see cref="NodeInput.GuestActed"/>.
    /// </summary>
    public sealed record ForgetGuest(OperationId Operation, GroupId Group, string Uuid) : NodeEffect;

    /// <summary>Set libvirt's autostart flag; answered by <see cref="NodeInput.GuestActed"/>.</summary>
    public sealed record SetAutostart(OperationId Operation, GroupId Group, string Uuid, bool Autostart) : NodeEffect;

    /// <summary>Answered by <see cref="NodeInput.DefinitionRead"/>; a known null means libvirt has no such domain here.</summary>
    public sealed record ReadDefinition(OperationId Operation, GroupId Group) : NodeEffect;

    /// <summary>The stamps beside the guest's disks; answered by <see cref="NodeInput.StampsRead"/>.</summary>
    public sealed record ReadStamps(OperationId Operation, GroupId Group, string Definition) : NodeEffect;

    /// <summary>Put this stamp beside every disk that has a place for one; answered by <see cref="NodeInput.GuestActed"/>.</summary>
    public sealed record WriteStamps(OperationId Operation, GroupId Group, string Definition, DiskStamp Stamp) : NodeEffect;

    /// <summary>Take this cluster's stamps away; answered by <see cref="NodeInput.GuestActed"/>.</summary>
    public sealed record RemoveStamps(OperationId Operation, GroupId Group, string Definition, string ClusterId) : NodeEffect;

    /// <summary>
    /// Ask the local beacon, as a keeper, to take a session for dead that it has not heard for the safe time; answered by
    /// <see cref="NodeInput.ConsentAnswered"/>.
    /// </summary>
    public sealed record AskConsent(OperationId Operation, HostSession Target, int Number, TimeSpan SafeAfter) : NodeEffect;

    /// <summary>Tell the beacon who we are and whom to send to. Not answered: the last one counts.</summary>
    public sealed record SetUpBeacon(BeaconSetup Setup) : NodeEffect;

    /// <summary>Keep on this host's own disk what was seen of the store. Not answered: the last one counts.</summary>
    public sealed record SaveStoreMark(StoreMark Mark) : NodeEffect;

    public sealed record Reply(OperationId Operation, AdminReply Answer) : NodeEffect;

    /// <summary>Something happened that people, tests and checkers read about.</summary>
    public sealed record Report(Fact Fact) : NodeEffect;
}
