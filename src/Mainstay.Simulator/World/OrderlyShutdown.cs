using Mainstay.Core.Groups;
using Mainstay.Core.Model;

namespace Mainstay.Simulator.World;

/// <summary>
/// A host is shut down as its system does it: the agent is asked to leave in order, and when it has left, or the time limit is over, the
/// power goes.
/// </summary>
internal sealed class OrderlyShutdown(VirtualWorld world, SimHost host, LeavePolicy policy)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);

    private readonly BootId boot = host.Boot;
    private readonly TimeSpan began = world.Now;
    private TimeSpan nextAsk;

    public void Step()
    {
        if (!host.PoweredOn || host.Boot != boot)
            return;
        if (GroundTruth.HostState(world, host) == "left" || world.Now - began >= Limit)
        {
            host.PowerOff();
            return;
        }

        if (world.Now >= nextAsk)
        {
            nextAsk = world.Now + AskAgain;
            world.Requests.Ask(new AdminRequest.Leave(host.Id, policy), host);
        }

        world.After(LookAgain, Step);
    }
}
