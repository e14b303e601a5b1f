using System.Globalization;
using Mainstay.Core.Health;
using Mainstay.Core.Model;

namespace Mainstay.Core.Facts;

/// <summary>
/// A fact rendered for people and machines: its name, its values and one sentence. The only place where facts become text (C12), so that
/// journal, command line, golden scenarios and logs never differ.
/// </summary>
/// <param name="Name">The case's name, such as <c>HostFenced</c>: stable, used in scenarios and saved journals.</param>
/// <param name="Fields">The values by stable names: host, session, group, epoch, why, …</param>
/// <param name="Sentence">What happened, without time and observer.</param>
public sealed record FactText(string Name, ValueList<FactField> Fields, string Sentence)
{
    public static FactText Render(Fact fact) => new(NameOf(fact), FieldsOf(fact), SentenceOf(fact));

    /// <summary>The value of a field, or null when this fact has no such field.</summary>
    public string? Value(string field)
    {
        foreach (var candidate in Fields.AsSpan())
        {
            if (candidate.Name == field)
                return candidate.Value;
        }

        return null;
    }

    /// <summary>The names of all facts, in the order of their declaration; a scenario that names another one has a typing error.</summary>
    public static ValueList<string> AllNames { get; } =
    [
        nameof(Fact.HostJoined), nameof(Fact.AgentResumed), nameof(Fact.LeaderElected), nameof(Fact.HostSuspected),
        nameof(Fact.SuspicionCleared), nameof(Fact.BeaconFoundDead), nameof(Fact.FencingStarted), nameof(Fact.FencingHeld),
        nameof(Fact.FenceAttemptFailed), nameof(Fact.ProofMissing), nameof(Fact.HostFenced), nameof(Fact.StorageRevoked),
        nameof(Fact.FreezeShown), nameof(Fact.StorageRestored), nameof(Fact.StorageWithheld), nameof(Fact.GroupProtected),
        nameof(Fact.GroupReleased), nameof(Fact.GroupAssigned), nameof(Fact.GroupUnplaceable), nameof(Fact.GroupYielded),
        nameof(Fact.GroupClaimed),
        nameof(Fact.GuestStarting), nameof(Fact.GuestStarted), nameof(Fact.GuestStartFailed), nameof(Fact.GuestFailed),
        nameof(Fact.GuestShutDown), nameof(Fact.GuestStopped), nameof(Fact.StrayStopped), nameof(Fact.GroupBlocked),
        nameof(Fact.GroupQuarantined), nameof(Fact.HostQuarantined), nameof(Fact.QuarantineLifted), nameof(Fact.HostDiagnosed),
        nameof(Fact.LeaveBegan), nameof(Fact.HostLeft), nameof(Fact.GuestKept),
        nameof(Fact.ArrivalHeld),
        nameof(Fact.SessionLost), nameof(Fact.KeepersChanged), nameof(Fact.LeasePromised), nameof(Fact.KeeperConsented),
        nameof(Fact.GuestsFrozen), nameof(Fact.GuestsThawed), nameof(Fact.GuestShutDownInIsolation),
        nameof(Fact.LeaseExpired), nameof(Fact.StoreLost), nameof(Fact.StoreRegained), nameof(Fact.StoreWentBack),
        nameof(Fact.StoreNotUnderstood), nameof(Fact.StoreUnderstood),
        nameof(Fact.IncarnationBegan), nameof(Fact.SessionConfirmed), nameof(Fact.CutOffRecalled), nameof(Fact.GroupReconciled),
        nameof(Fact.Armed), nameof(Fact.Disarmed), nameof(Fact.SettingChanged),
    ];

    private static string NameOf(Fact fact) => fact switch
    {
        Fact.HostJoined => nameof(Fact.HostJoined),
        Fact.AgentResumed => nameof(Fact.AgentResumed),
        Fact.LeaderElected => nameof(Fact.LeaderElected),
        Fact.HostSuspected => nameof(Fact.HostSuspected),
        Fact.SuspicionCleared => nameof(Fact.SuspicionCleared),
        Fact.BeaconFoundDead => nameof(Fact.BeaconFoundDead),
        Fact.FencingStarted => nameof(Fact.FencingStarted),
        Fact.FencingHeld => nameof(Fact.FencingHeld),
        Fact.FenceAttemptFailed => nameof(Fact.FenceAttemptFailed),
        Fact.ProofMissing => nameof(Fact.ProofMissing),
        Fact.HostFenced => nameof(Fact.HostFenced),
        Fact.StorageRevoked => nameof(Fact.StorageRevoked),
        Fact.FreezeShown => nameof(Fact.FreezeShown),
        Fact.StorageRestored => nameof(Fact.StorageRestored),
        Fact.StorageWithheld => nameof(Fact.StorageWithheld),
        Fact.GroupProtected => nameof(Fact.GroupProtected),
        Fact.GroupReleased => nameof(Fact.GroupReleased),
        Fact.GroupAssigned => nameof(Fact.GroupAssigned),
        Fact.GroupUnplaceable => nameof(Fact.GroupUnplaceable),
        Fact.GroupYielded => nameof(Fact.GroupYielded),
        Fact.GroupClaimed => nameof(Fact.GroupClaimed),
        Fact.GuestStarting => nameof(Fact.GuestStarting),
        Fact.GuestStarted => nameof(Fact.GuestStarted),
        Fact.GuestStartFailed => nameof(Fact.GuestStartFailed),
        Fact.GuestFailed => nameof(Fact.GuestFailed),
        Fact.GuestShutDown => nameof(Fact.GuestShutDown),
        Fact.GuestStopped => nameof(Fact.GuestStopped),
        Fact.StrayStopped => nameof(Fact.StrayStopped),
        Fact.GroupBlocked => nameof(Fact.GroupBlocked),
        Fact.GroupQuarantined => nameof(Fact.GroupQuarantined),
        Fact.HostQuarantined => nameof(Fact.HostQuarantined),
        Fact.QuarantineLifted => nameof(Fact.QuarantineLifted),
        Fact.HostDiagnosed => nameof(Fact.HostDiagnosed),
        Fact.LeaveBegan => nameof(Fact.LeaveBegan),
        Fact.HostLeft => nameof(Fact.HostLeft),
        Fact.GuestKept => nameof(Fact.GuestKept),
        Fact.ArrivalHeld => nameof(Fact.ArrivalHeld),
        Fact.SessionLost => nameof(Fact.SessionLost),
        Fact.KeepersChanged => nameof(Fact.KeepersChanged),
        Fact.LeasePromised => nameof(Fact.LeasePromised),
        Fact.KeeperConsented => nameof(Fact.KeeperConsented),
        Fact.GuestsFrozen => nameof(Fact.GuestsFrozen),
        Fact.GuestsThawed => nameof(Fact.GuestsThawed),
        Fact.GuestShutDownInIsolation => nameof(Fact.GuestShutDownInIsolation),
        Fact.LeaseExpired => nameof(Fact.LeaseExpired),
        Fact.StoreLost => nameof(Fact.StoreLost),
        Fact.StoreRegained => nameof(Fact.StoreRegained),
        Fact.StoreNotUnderstood => nameof(Fact.StoreNotUnderstood),
        Fact.StoreUnderstood => nameof(Fact.StoreUnderstood),
        Fact.StoreWentBack => nameof(Fact.StoreWentBack),
        Fact.IncarnationBegan => nameof(Fact.IncarnationBegan),
        Fact.SessionConfirmed => nameof(Fact.SessionConfirmed),
        Fact.CutOffRecalled => nameof(Fact.CutOffRecalled),
        Fact.GroupReconciled => nameof(Fact.GroupReconciled),
        Fact.Armed => nameof(Fact.Armed),
        Fact.Disarmed => nameof(Fact.Disarmed),
        Fact.SettingChanged => nameof(Fact.SettingChanged),
    };

    private static ValueList<FactField> FieldsOf(Fact fact) => fact switch
    {
        Fact.HostJoined f => Of(f.Host),
        Fact.AgentResumed f => Of(f.Host, F("guests", Text(f.Guests))),
        Fact.LeaderElected f => Of(f.Leader),
        Fact.HostSuspected f => Of(f.Host, F("silence", Text(f.Silence))),
        Fact.SuspicionCleared f => Of(f.Host),
        Fact.BeaconFoundDead f => Of(f.Host),
        Fact.FencingStarted f => Of(f.Host, F("reason", f.Reason)),
        Fact.FencingHeld f => Of(f.Host, F("why", f.Why)),
        Fact.FenceAttemptFailed f => Of(f.Host, F("method", f.Method), F("why", f.Why)),
        Fact.ProofMissing f => Of(f.Host, F("why", f.Why)),
        Fact.HostFenced f => Of(f.Host, F("proof", f.Proof), F("evidence", f.Evidence)),
        Fact.StorageRevoked f => Of(f.Host, F("storage", f.Storage), F("evidence", f.Evidence)),
        Fact.FreezeShown f => Of(f.Host, F("evidence", f.Evidence)),
        Fact.StorageRestored f => Of(f.Host, F("storage", f.Storage)),
        Fact.StorageWithheld f => Of(f.Host, F("storage", f.Storage), F("why", f.Why)),
        Fact.GroupProtected f => Of(f.Group, At(f.Host).AsSpan()),
        Fact.GroupReleased f => Of(f.Group),
        Fact.GroupAssigned f => Of(f.Group, F("epoch", f.Epoch.ToString()), F("host", f.Host.Name), F("because", f.Because)),
        Fact.GroupUnplaceable f => Of(f.Group, F("why", f.Why)),
        Fact.GroupYielded f => [F("group", f.Group.Name), F("from", f.From.Name), .. At(f.To, "to"), F("for", f.For.Name)],
        Fact.GroupClaimed f => [F("group", f.Group.Name), F("epoch", f.Epoch.ToString()), .. Of(f.Owner)],
        Fact.GuestStarting f => Of(f.Group, F("epoch", f.Epoch.ToString()), F("host", f.Host.Name)),
        Fact.GuestStarted f => Of(f.Group, F("epoch", f.Epoch.ToString()), F("host", f.Host.Name)),
        Fact.GuestStartFailed f => Of(f.Group, F("epoch", f.Epoch.ToString()), F("host", f.Host.Name), F("why", f.Why)),
        Fact.GuestFailed f => Of(f.Group, F("host", f.Host.Name), F("why", f.Why)),
        Fact.GuestShutDown f => Of(f.Group, F("host", f.Host.Name)),
        Fact.GuestStopped f => Of(f.Group, F("host", f.Host.Name)),
        Fact.StrayStopped f => Of(f.Group, F("host", f.Host.Name), F("why", f.Why)),
        Fact.GroupBlocked f => Of(f.Group, F("why", f.Why)),
        Fact.GroupQuarantined f => Of(f.Group, F("why", f.Why)),
        Fact.HostQuarantined f => [F("host", f.Host.Name), F("why", f.Why)],
        Fact.QuarantineLifted f => [F("host", f.Host.Name), F("why", f.Why)],
        Fact.HostDiagnosed f => FieldsOf(f.Host, f.Diagnosis),
        Fact.LeaveBegan f => Of(f.Host, F("policy", f.Policy.ToString().ToLowerInvariant())),
        Fact.HostLeft f => Of(f.Host),
        Fact.GuestKept f => Of(f.Group, F("host", f.Host.Name)),
        Fact.ArrivalHeld f => [F("host", f.Host.Name), F("why", f.Why)],
        Fact.SessionLost f => Of(f.Host, F("why", f.Why)),
        Fact.KeepersChanged f => [F("epoch", f.Epoch.ToString(CultureInfo.InvariantCulture)), F("members", string.Join(' ', f.Members))],
        Fact.LeasePromised f => Of(f.Host, F("safe_after", Text(f.SafeAfter))),
        Fact.KeeperConsented f => Of(f.Host, F("keeper", f.Keeper.Name)),
        Fact.GuestsFrozen f => [F("host", f.Host.Name), F("guests", Text(f.Guests))],
        Fact.GuestsThawed f => [F("host", f.Host.Name)],
        Fact.GuestShutDownInIsolation f => [F("group", f.Group.Name), F("host", f.Host.Name)],
        Fact.LeaseExpired f => [F("host", f.Host.Name)],
        Fact.StoreLost f => [F("host", f.Seen.Name), F("why", f.Why)],
        Fact.StoreRegained f => [F("host", f.Seen.Name)],
        Fact.StoreNotUnderstood f => [F("host", f.Seen.Name), F("why", f.Why)],
        Fact.StoreUnderstood f => [F("host", f.Seen.Name)],
        Fact.StoreWentBack f => [F("host", f.Seen.Name), F("why", f.Why)],
        Fact.IncarnationBegan f => [F("incarnation", f.Incarnation.ToString(CultureInfo.InvariantCulture)), F("because", f.Because)],
        Fact.SessionConfirmed f => Of(f.Host),
        Fact.CutOffRecalled f => Of(f.Host, F("storage", f.Storages)),
        Fact.GroupReconciled f => [F("group", f.Group.Name), F("epoch", f.Epoch.ToString()), .. At(f.Host)],
        Fact.Armed => [],
        Fact.Disarmed f => [F("reason", f.Reason)],
        Fact.SettingChanged f => [F("what", f.What)],
    };

    private static ValueList<FactField> FieldsOf(HostId host, HostDiagnosis seen) =>
        [F("host", host.Name), F("condition", ConditionWords.Of(seen.Condition)), F("evidence", seen.Evidence), F("follows", seen.Follows)];

    private static string SentenceOf(Fact fact) => fact switch
    {
        Fact.HostJoined f => $"{f.Host} joined",
        Fact.AgentResumed f => $"{f.Host}: the agent is back and kept its session and {Guests(f.Guests)}",
        Fact.LeaderElected f => $"{f.Leader} leads",
        Fact.HostSuspected f => $"{f.Host} is suspect: silent for {Text(f.Silence)}",
        Fact.SuspicionCleared f => $"{f.Host} was heard again",
        Fact.BeaconFoundDead f => $"{f.Host}: its beacon died, the host lives",
        Fact.FencingStarted f => $"{f.Host} is being fenced: {f.Reason}",
        Fact.FencingHeld f => $"{f.Host} is not fenced yet: {f.Why}",
        Fact.FenceAttemptFailed f => $"{f.Host}: fence method {f.Method} gave no proof: {f.Why}",
        Fact.ProofMissing f => $"{f.Host}: still no proof of death: {f.Why}",
        Fact.HostFenced f => $"{f.Host} is proved dead, proof {f.Proof}: {f.Evidence}",
        Fact.StorageRevoked f => $"{f.Host} is cut off from storage {f.Storage}: {f.Evidence}",
        Fact.FreezeShown f => $"{f.Host} must have paused its guests: {f.Evidence}",
        Fact.StorageRestored f => $"{f.Host} has storage {f.Storage}",
        Fact.StorageWithheld f => $"{f.Host} does not get storage {f.Storage}: {f.Why}",
        Fact.GroupProtected f => f.Host is { } host ? $"{f.Group} is protected, running on {host}" : $"{f.Group} is protected",
        Fact.GroupReleased f => $"{f.Group} was given back",
        Fact.GroupAssigned f => $"{f.Group} epoch {f.Epoch} goes to {f.Host}: {f.Because}",
        Fact.GroupUnplaceable f => $"{f.Group} has no place: {f.Why}",
        Fact.GroupYielded f => $"{f.Group} {Way(f.From, f.To)} to make room for {f.For}",
        Fact.GroupClaimed f => $"{f.Group} epoch {f.Epoch} claimed by {f.Owner}",
        Fact.GuestStarting f => $"{f.Group} epoch {f.Epoch} is starting on {f.Host}",
        Fact.GuestStarted f => $"{f.Group} epoch {f.Epoch} runs on {f.Host}",
        Fact.GuestStartFailed f => $"{f.Group} epoch {f.Epoch} did not start on {f.Host}: {f.Why}",
        Fact.GuestFailed f => $"{f.Group} failed on {f.Host}: {f.Why}",
        Fact.GuestShutDown f => $"{f.Group} was shut down on {f.Host}",
        Fact.GuestStopped f => $"{f.Group} was stopped on {f.Host}",
        Fact.StrayStopped f => $"{f.Group} ran on {f.Host} without right and was stopped: {f.Why}",
        Fact.GroupBlocked f => $"{f.Group} is blocked: {f.Why}",
        Fact.GroupQuarantined f => $"{f.Group} is held back: {f.Why}",
        Fact.HostQuarantined f => $"{f.Host} is in quarantine and gets no new guests: {f.Why}",
        Fact.LeaveBegan f => $"{f.Host} is being shut down: its guests {Fate(f.Policy)}",
        Fact.HostLeft f => $"{f.Host} left in order",
        Fact.GuestKept f => $"{f.Group} was stopped with {f.Host} and waits for its return",
        Fact.HostDiagnosed f => $"{f.Host}: {Tell(f.Diagnosis)}",
        Fact.QuarantineLifted f => $"{f.Host} is no longer in quarantine: {f.Why}",
        Fact.ArrivalHeld f => $"a machine that calls itself {f.Host} is not let in: {f.Why}",
        Fact.SessionLost f => $"{f.Host} lost its session: {f.Why}",
        Fact.KeepersChanged f => $"keepers {(f.Changing ? "are becoming" : "are")} {string.Join(", ", f.Members)}",
        Fact.LeasePromised f => $"{f.Host} keeps a lease: unheard by the keepers for {Text(f.SafeAfter)} it runs nothing any more",
        Fact.KeeperConsented f => $"{f.Keeper} consents, as a keeper, that {f.Host} is dead",
        Fact.GuestsFrozen f => $"{f.Host} is heard by no majority of keepers: it paused {Guests(f.Guests)}",
        Fact.GuestsThawed f => $"{f.Host} is heard by the keepers again: its guests go on",
        Fact.GuestShutDownInIsolation f => $"{f.Group} was shut down on {f.Host}, which no majority of keepers hears",
        Fact.LeaseExpired f => $"{f.Host} was heard by no majority of keepers for too long: it kills its guests",
        Fact.StoreLost f => $"{f.Seen} lost the store: {f.Why}",
        Fact.StoreRegained f => $"{f.Seen} has the store again",
        Fact.StoreNotUnderstood f => $"{f.Seen} cannot read all of the store and leaves it to others: {f.Why}",
        Fact.StoreUnderstood f => $"{f.Seen} can read all of the store",
        Fact.StoreWentBack f => $"{f.Seen}: the store went back in time: {f.Why}",
        Fact.IncarnationBegan f => $"incarnation {f.Incarnation} of the store began, guests wait until they are found: {f.Because}",
        Fact.SessionConfirmed f => $"{f.Host} goes on in the restored store",
        Fact.CutOffRecalled f => $"{f.Host} {Spent(f.Storages)} since before the store was restored: it joins anew",
        Fact.GroupReconciled f => $"{f.Group} epoch {f.Epoch} was found running {Place(f.Host)}",
        Fact.Armed => "the cluster is armed",
        Fact.Disarmed f => $"the cluster is disarmed: {f.Reason}",
        Fact.SettingChanged f => $"setting changed: {f.What}",
    };

    private static string Place(HostId? host) => host is { } known ? $"on {known}" : "nowhere: it may be started";

    private static string Way(HostId from, HostId? to) =>
        to is { } other ? $"is moved from {from} to {other}" : $"is stopped on {from} until there is room again";

    private static string Tell(HostDiagnosis seen) => seen.Condition == HostCondition.Healthy
        ? "what was wrong with it is over"
        : $"{seen.Evidence} ({seen.Follows})";

    private static string Fate(LeavePolicy policy) =>
        policy == LeavePolicy.Move ? "go to other hosts" : "are stopped and start there again when it returns";

    private static ValueList<FactField> At(HostId? host, string name = "host") => host is { } known ? [F(name, known.Name)] : [];

    private static ValueList<FactField> Of(HostSession host, params ReadOnlySpan<FactField> more) =>
        [F("host", host.Host.Name), F("session", host.Session.ToString()), .. more];

    private static ValueList<FactField> Of(GroupId group, params ReadOnlySpan<FactField> more) => [F("group", group.Name), .. more];

    private static FactField F(string name, string value) => new(name, value);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(TimeSpan span) => span.TotalSeconds.ToString("0.0##", CultureInfo.InvariantCulture) + "s";

    private static string Guests(int count) => count == 1 ? "1 guest" : $"{Text(count)} guests";

    private static string Spent(string storages) => storages.Length == 0 ? "cannot go on" : $"is cut off from {storages}";
}
