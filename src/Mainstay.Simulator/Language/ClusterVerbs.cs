using Mainstay.Core.Groups;
using Mainstay.Core.Model;
using Mainstay.Core.Recovery;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Language;

/// <summary>What can happen to the store, the storage and the guests, and what the administrator can ask for.</summary>
internal static class ClusterVerbs
{
    public static readonly Verb[] Stores =
    [
        new("store outage", "All etcd members stop answering.", (run, _) => run.World.Etcd.SetOutage(true)),
        new("store heal", "Outage, slowness and lost answers are over.", (run, _) => Healing.Store(run.World)),
        new("store slow TIME", "Every commit takes this much longer (slow disk).", (run, w) => run.World.Etcd.ExtraCommit = w.Times[0]),
        new("store watch delay TIME", "Agents hear of changes this much later.", (run, w) => run.World.Etcd.WatchDelay = w.Times[0]),
        new("store lose answers PERCENT", "This share of commits takes effect without an answer.", (run, w) =>
            run.World.Etcd.LostAnswers = w.Numbers[0]),
        new("store full", "Its disks are full: it answers questions and takes no writes.", (run, _) => run.World.Etcd.Full = true),
        new("store compact", "History is gone: every watch begins anew with the whole state.", (run, _) => run.World.Etcd.Compact()),
        new("store backup", "Somebody takes a backup of the store.", (run, _) => run.World.Etcd.Backup()),
        new("store restore", "All members are stopped, given the last backup (without one: nothing happens), and started.", (run, _) =>
            run.World.Etcd.Restore()),
        new("store newer TEXT", "A newer version writes the value of this key in a form that agents of `older` hosts cannot read.",
            (run, w) => run.World.Etcd.WriteNewer(StoreKey.TryParse(w.Texts[0], out var key)
                ? key : throw new InvalidOperationException($"'{w.Texts[0]}' is no key of the store."))),
        new("upgrade agent HOST", "Its agent is restarted, of the newest version.", (run, w) =>
        {
            run.Host(w.Hosts[0]).Older = false;
            run.Host(w.Hosts[0]).Agent.Kill(null);
        }),
        new("forget store HOST", "What the host's disk says about the store is lost.", (run, w) => run.Host(w.Hosts[0]).Mark = null),
        new("storage outage", "No host reaches the guests' disks.", (run, _) => run.World.Storage.Outage = true),
        new("storage heal", "Every host reaches the disks.", (run, _) => run.World.Storage.Heal()),
        new("storage cut HOST", "One host does not reach the disks.", (run, w) =>
            run.World.Storage.SetCut(run.Host(w.Hosts[0]).Index, true)),
        new("storage heal HOST", "It does again.", (run, w) => run.World.Storage.SetCut(run.Host(w.Hosts[0]).Index, false)),
    ];

    public static readonly Verb[] Guests =
    [
        new("crash GUEST", "Its QEMU process dies.", (run, w) => End(run.Guest(w.Guests[0]), GuestStopCause.Crashed)),
        new("hang GUEST", "It does not react any more; its process is there.", (run, w) =>
        {
            foreach (var execution in run.Guest(w.Guests[0]).Executions)
                execution.Hung = true;
        }),
        new("shutdown GUEST from inside", "Its operating system powers off.", (run, w) =>
            End(run.Guest(w.Guests[0]), GuestStopCause.ShutDown)),
        new("fail start GUEST NUMBER times", "Its next starts fail, wherever they happen.", (run, w) =>
            run.Guest(w.Guests[0]).FailNextStarts(w.Numbers[0])),
        new("fail start GUEST on HOST", "It never starts on this host.", (run, w) =>
            run.Guest(w.Guests[0]).FailStartsOn(run.Host(w.Hosts[0]).Index, true)),
        new("mend GUEST", "It starts everywhere again.", (run, w) => run.Guest(w.Guests[0]).Mend()),
        new("foreign stamp GUEST", "Another cluster on the same storage protects it: its stamp is beside the disk.", (run, w) =>
            run.World.Storage.Stamp(new GroupId(w.Guests[0]), new DiskStamp("another-cluster", 1, new Epoch(1)))),
        new("stamp GUEST incarnation NUMBER", "Its disk says that it was started in that incarnation.", (run, w) =>
            run.World.Storage.Stamp(new GroupId(w.Guests[0]), new DiskStamp("virtual", w.Numbers[0], new Epoch(1)))),
        new("virsh start GUEST on HOST", "Somebody starts it by hand there; on a witness nothing happens.", (run, w) =>
        {
            if (run.Host(w.Hosts[0]) is { IsWitness: false } host)
                host.Hypervisor.Start(new GroupId(w.Guests[0]), byAgent: false, static _ => { });
        }),
        new("virsh shutdown GUEST", "Somebody shuts it down by hand where it runs.", (run, w) => Virsh(run, w, StopMode.Graceful)),
        new("virsh destroy GUEST", "Somebody destroys it by hand where it runs.", (run, w) => Virsh(run, w, StopMode.Destroy)),
        new("virsh destroy GUEST on HOST", "Somebody destroys the copy on this host by hand.", (run, w) =>
        {
            run.World.Checks.Executions.StopWanted(new GroupId(w.Guests[0]));
            run.Host(w.Hosts[0]).Hypervisor.StopByHand(new GroupId(w.Guests[0]), StopMode.Destroy);
        }),
    ];

    public static readonly Verb[] Requests =
    [
        Request("protect GUEST", "Adopt it where it is.", (_, w) =>
            new AdminRequest.Protect(new GroupId(w.Guests[0]), GuestShutdownPolicy.StayDown)),
        Request("protect GUEST restarting", "Adopt it; it is started again when it shuts itself down.", (_, w) =>
            new AdminRequest.Protect(new GroupId(w.Guests[0]), GuestShutdownPolicy.Restart)),
        Request("protect GUEST taking over", "The same, although its disk says that another cluster does.", (_, w) =>
            new AdminRequest.Protect(new GroupId(w.Guests[0]), GuestShutdownPolicy.StayDown) { TakesOver = true }),
        Request("start GUEST taking over", "Run it, whatever its disk says.", (_, w) =>
            new AdminRequest.Start(new GroupId(w.Guests[0]), null) { TakesOver = true }),
        Request("policy GUEST isolation freeze-then-kill", "In isolation it is paused, then killed, from its next claim on.", (_, w) =>
            Isolation(w, IsolationPolicy.FreezeThenKill)),
        Request("policy GUEST isolation keep", "In isolation it runs on, from its next claim on.", (_, w) =>
            Isolation(w, IsolationPolicy.Keep)),
        Request("policy GUEST isolation shutdown", "In isolation it is shut down in order, from its next claim on.", (_, w) =>
            Isolation(w, IsolationPolicy.Shutdown)),
        Request("policy GUEST repeated-loss restart", "It is started again, however many hosts were lost with it.", (_, w) =>
            new AdminRequest.SetPolicy(new GroupId(w.Guests[0])) { OnRepeatedLoss = RepeatedLossPolicy.Restart }),
        Request("policy GUEST tier NUMBER", "0 is served first, 4 last.", (_, w) =>
            new AdminRequest.SetPolicy(new GroupId(w.Guests[0])) { Tier = w.Numbers[0] }),
        Request("policy GUEST yields stops", "It may be stopped for a group of a lower tier number.", (_, w) =>
            new AdminRequest.SetPolicy(new GroupId(w.Guests[0])) { Yields = Yielding.Stops }),
        Request("release GUEST", "Give it back to libvirt; it runs on.", (_, w) => new AdminRequest.Release(new GroupId(w.Guests[0]))),
        Request("start GUEST", "Run it.", (_, w) => new AdminRequest.Start(new GroupId(w.Guests[0]), null)),
        Request("start GUEST on HOST", "Run it there.", (run, w) =>
            new AdminRequest.Start(new GroupId(w.Guests[0]), run.Host(w.Hosts[0]).Id)),
        Request("stop GUEST", "Shut it down and keep it down.", (_, w) => new AdminRequest.Stop(new GroupId(w.Guests[0]), false)),
        Request("stop GUEST now", "The same without asking the guest.", (_, w) => new AdminRequest.Stop(new GroupId(w.Guests[0]), true)),
        Request("move GUEST", "Stop it and start it on another host.", (_, w) => new AdminRequest.Move(new GroupId(w.Guests[0]), null)),
        Request("move GUEST to HOST", "Stop it and start it there.", (run, w) =>
            new AdminRequest.Move(new GroupId(w.Guests[0]), run.Host(w.Hosts[0]).Id)),
        Request("disarm TEXT", "Nothing is fenced, moved or restarted, with the reason.", (_, w) =>
            new AdminRequest.SetArmed(false, w.Texts[0])),
        Request("arm", "Protection works again.", (_, _) => new AdminRequest.SetArmed(true, "")),
        Request("maintenance HOST on", "It is never fenced and gets no guests.", (run, w) =>
            new AdminRequest.SetMaintenance(run.Host(w.Hosts[0]).Id, true)),
        Request("maintenance HOST off", "It is a host like the others again.", (run, w) =>
            new AdminRequest.SetMaintenance(run.Host(w.Hosts[0]).Id, false)),
        Request("profile aggressive", "Commit to fencing after 0.8 s of silence.", (_, _) =>
            new AdminRequest.SetProfile(TimingProfile.Aggressive, Anyway: false)),
        Request("profile balanced", "Commit to fencing after 2 s of silence.", (_, _) =>
            new AdminRequest.SetProfile(TimingProfile.Balanced, Anyway: false)),
        Request("profile conservative", "Commit to fencing after 5 s of silence.", (_, _) =>
            new AdminRequest.SetProfile(TimingProfile.Conservative, Anyway: false)),
        Request("fence set HOST", "The cluster may use its BMC.", (run, w) =>
            new AdminRequest.SetFenceMethod(run.Host(w.Hosts[0]).Id, WorldSetup.Bmc(run.Host(w.Hosts[0])))),
        Request("fence remove HOST", "The cluster may not use its BMC any more.", (run, w) =>
            new AdminRequest.RemoveFenceMethod(run.Host(w.Hosts[0]).Id, "bmc")),
    ];

    internal static Verb Request(string pattern, string meaning, Func<ScenarioRun, Words, AdminRequest> make) =>
        new(new Pattern(pattern), meaning, (run, words) => run.Ask(make(run, words), words), IsRequest: true);

    private static AdminRequest.SetPolicy Isolation(Words w, IsolationPolicy policy) =>
        new(new GroupId(w.Guests[0])) { OnIsolation = policy };

    private static void End(SimGuest guest, GuestStopCause cause)
    {
        foreach (var execution in guest.Executions.ToArray())
            execution.Host.Hypervisor.End(execution.Host.Hypervisor.Domain(guest.Id), cause);
    }

    private static void Virsh(ScenarioRun run, Words w, StopMode mode)
    {
        var guest = run.Guest(w.Guests[0]);
        run.World.Checks.Executions.StopWanted(guest.Id);
        foreach (var execution in guest.Executions.ToArray())
            execution.Host.Hypervisor.StopByHand(guest.Id, mode);
    }
}
