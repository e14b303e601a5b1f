using Mainstay.Core.Groups;
using Mainstay.Core.Model;

namespace Mainstay.Simulator.Language;

/// <summary>What an administrator asks about the order of guests, and about applications.</summary>
internal static class OrderVerbs
{
    public static readonly Verb[] Requests =
    [
        ClusterVerbs.Request("order GUEST after EDGE", "It is started after that one; EDGE is written as after `after=` above.", (_, w) =>
            new AdminRequest.SetOrder(new GroupId(w.Guests[0]), w.Edges[0])),
        ClusterVerbs.Request("order GUEST not after GUEST", "It no longer waits for that one.", (_, w) =>
            new AdminRequest.RemoveOrder(new GroupId(w.Guests[0]), new GroupId(w.Guests[1]))),
        ClusterVerbs.Request("app start TEXT", "Start all guests of the application, in order.", (_, w) =>
            new AdminRequest.StartApplication(w.Texts[0])),
        ClusterVerbs.Request("app start TEXT anyway TEXT",
            "The same, although it takes room that is kept for a loss, with the reason.", (_, w) =>
            new AdminRequest.StartApplication(w.Texts[0]) { Override = w.Texts[1] }),
        ClusterVerbs.Request("app stop TEXT", "Stop them, in reverse order.", (_, w) => new AdminRequest.StopApplication(w.Texts[0])),
        ClusterVerbs.Request("app move TEXT", "Stop them, and start them on other hosts.", (_, w) =>
            new AdminRequest.MoveApplication(w.Texts[0], null)),
        ClusterVerbs.Request("app move TEXT to HOST", "Stop them, and start them there.", (run, w) =>
            new AdminRequest.MoveApplication(w.Texts[0], run.Host(w.Hosts[0]).Id)),
        ClusterVerbs.Request("app remove TEXT", "Its guests stand alone again.", (_, w) =>
            new AdminRequest.RemoveApplication(w.Texts[0])),
    ];
}
