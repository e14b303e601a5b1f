using Mainstay.Core.Groups;
using Mainstay.Core.Model;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Language;

/// <summary>Who is a member of the cluster, and a person's word about one that is dead.</summary>
internal static class MemberVerbs
{
    public static readonly Verb[] All =
    [
        ClusterVerbs.Request("remove HOST", "Take it out of the cluster for good.", (run, w) =>
            new AdminRequest.RemoveHost(run.Host(w.Hosts[0]).Id, Undrained: false)),
        new("add HOST", "It joins the cluster again, after it was taken out; a member stays what it is.", (run, w) =>
            run.World.Admit(run.Host(w.Hosts[0]))),
        ClusterVerbs.Request("confirm-dead HOST TEXT", "A person vouches that the host is dead, with the reason.", (run, w) =>
            new AdminRequest.ConfirmDead(run.Host(w.Hosts[0]).Id, "the administrator", w.Texts[0])),
        ClusterVerbs.Request("confirm-dead HOST as seen TEXT", "The same, by what was seen when somebody last looked at it.", (run, w) =>
            new AdminRequest.ConfirmDead(run.Host(w.Hosts[0]).Id, "the administrator", w.Texts[0])
            {
                Session = run.Seen.TryGetValue(run.Host(w.Hosts[0]).Id, out var session) ? session : null,
            }),
        new("confirm-dead HOST when off TEXT", "The same, by a person who sees it without power; else nothing happens.", (run, w) =>
        {
            var host = run.Host(w.Hosts[0]).Id;
            if (run.World.MachinesOf(host).All(machine => !machine.PoweredOn) && run.World.SessionOf(host) is { } seen)
                run.Ask(new AdminRequest.ConfirmDead(host, "the administrator", w.Texts[0]) { Session = seen.Session }, w);
        }),
        new("look at HOST", "A person reads the status and sees the session of this host.", (run, w) => run.Look(w.Hosts[0])),
    ];
}
