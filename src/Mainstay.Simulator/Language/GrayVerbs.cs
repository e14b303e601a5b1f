using Mainstay.Core.Groups;
using Mainstay.Core.Model;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Language;

/// <summary>What makes a host gray, and what takes one out of service in order.</summary>
internal static class GrayVerbs
{
    public static readonly Verb[] All =
    [
        new("monitor hang GUEST", "Its QEMU does not answer its monitor any more; the guest runs on.", (run, w) =>
        {
            foreach (var execution in run.Guest(w.Guests[0]).Executions)
                execution.HangMonitor(run.World.Now);
        }),
        new("monitor resume GUEST", "It does again.", (run, w) =>
        {
            foreach (var execution in run.Guest(w.Guests[0]).Executions)
                execution.MonitorAnswers();
        }),
        new("disk slow HOST NUMBER times", "Its disks take so many times as long; once is as they should be.", (run, w) =>
            run.Host(w.Hosts[0]).Ailments.SlowDisk(w.Numbers[0])),
        new("certificate HOST expires", "Nobody accepts its certificate any more: no store, no peers; its beacons go on.", (run, w) =>
            run.Host(w.Hosts[0]).Ailments.SetCertificate(expired: true)),
        new("certificate HOST renewed", "It is accepted again.", (run, w) =>
            run.Host(w.Hosts[0]).Ailments.SetCertificate(expired: false)),
        new("shutdown HOST moving", "It is shut down in order: its guests go to other hosts, then its power goes.", (run, w) =>
            new OrderlyShutdown(run.World, run.Host(w.Hosts[0]), LeavePolicy.Move).Step()),
        new("shutdown HOST keeping", "It is shut down in order: its guests are stopped and kept for its return.", (run, w) =>
            new OrderlyShutdown(run.World, run.Host(w.Hosts[0]), LeavePolicy.Keep).Step()),
        new("flap HOST NET", "Its link to one network goes down for 200 ms.", (run, w) =>
            run.Host(w.Hosts[0]).Ailments.Flap(w.Networks[0])),
    ];

    public static readonly Verb[] Requests =
    [
        ClusterVerbs.Request("drain HOST", "Maintenance, and its guests are moved to other hosts.", (run, w) =>
            new AdminRequest.SetMaintenance(run.Host(w.Hosts[0]).Id, true) { Drain = true }),
        ClusterVerbs.Request("drain HOST anyway TEXT", "The same, and guests without a place elsewhere stay, with the reason.", (run, w) =>
            new AdminRequest.SetMaintenance(run.Host(w.Hosts[0]).Id, true) { Drain = true, Override = w.Texts[0] }),
        ClusterVerbs.Request("quarantine HOST on TEXT", "It gets no new guests, with the reason.", (run, w) =>
            new AdminRequest.SetQuarantine(run.Host(w.Hosts[0]).Id, true, w.Texts[0])),
        ClusterVerbs.Request("quarantine HOST off", "It may be given guests again.", (run, w) =>
            new AdminRequest.SetQuarantine(run.Host(w.Hosts[0]).Id, false, "")),
    ];
}
