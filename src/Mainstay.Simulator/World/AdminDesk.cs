using Mainstay.Core.Groups;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Simulator.World;

/// <summary>A request of the administrator, where it went, and what came back.</summary>
internal sealed record AdminCase(AdminRequest Request, SimHost Host, OperationId Operation, TimeSpan At)
{
    public AdminReply? Reply { get; set; }
}

/// <summary>Brings requests to the agent they belong to, as the command line does.</summary>
internal sealed class AdminDesk(VirtualWorld world)
{
    // Far above what an agent counts to, so that its own operations never have the same number.
    private long next = 1_000_000_000;

    private readonly List<AdminCase> cases = [];

    public IReadOnlyList<AdminCase> Cases => cases;

    public AdminCase? Last => cases.Count > 0 ? cases[^1] : null;

    /// <summary>Somebody asked to take it out of the cluster, and was not refused.</summary>
    public bool WasRemoved(HostId host) =>
        cases.Exists(asked => asked.Request is AdminRequest.RemoveHost { Host: var removed } && removed == host
            && asked.Reply is not AdminReply.Refused);

    /// <summary>Sends it to <paramref name="on"/>, else to the host that owns the guest, else to the first agent that lives.</summary>
    public AdminCase Ask(AdminRequest request, SimHost? on)
    {
        var host = on ?? Route(request);
        var asked = new AdminCase(request, host, new OperationId(next++), world.Now);
        cases.Add(asked);
        world.Checks.Requested(request);
        var life = host.Agent.Life;
        world.After(Latency.Local(world.Chance), () =>
        {
            if (host.Agent.Alive && host.KernelUp)
                host.Agent.Deliver(life, new NodeInput.Requested(asked.Operation, request));
            else
                asked.Reply ??= new AdminReply.Unknown("the agent does not run");
        });
        return asked;
    }

    public void Answered(SimHost by, OperationId operation, AdminReply reply)
    {
        foreach (var asked in cases)
        {
            if (asked.Operation == operation && asked.Host == by)
                asked.Reply ??= reply;
        }
    }

    private SimHost Route(AdminRequest request) => request switch
    {
        AdminRequest.Protect protect => WhereDefined(protect.Group) ?? AnyLive(),
        AdminRequest.RemoveHost remove => Online(remove.Host) ?? AnyLive(),
        AdminRequest.Release release => OwnerOf(release.Group) ?? AnyLive(),
        _ => AnyLive(),
    };

    private SimHost? Online(HostId host) =>
        GroundTruth.Session(world, host) is { State: SessionState.Online } ? world.Host(host) : null;

    private SimHost? WhereDefined(GroupId guest) =>
        Array.Find(world.Hosts, host => host.Hypervisor.Domain(guest).Execution is not null)
        ?? Array.Find(world.Hosts, host => host.Hypervisor.Domain(guest).Defined);

    private SimHost? OwnerOf(GroupId group) => GroundTruth.OwnerOf(world, group) is { } owner ? world.Host(owner.Host) : null;

    private SimHost AnyLive() =>
        Array.Find(world.Hosts, host => host.Agent.Runs && host.Agent.KnowsStore)
        ?? Array.Find(world.Hosts, host => host.Agent.Runs) ?? world.Hosts[0];
}
