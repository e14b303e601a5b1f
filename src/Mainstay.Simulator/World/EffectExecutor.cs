using Mainstay.Core.Node;

namespace Mainstay.Simulator.World;

/// <summary>
/// Carries out what an agent asks for. The act itself belongs to the world and goes on when the agent dies; only its answer is then lost.
/// </summary>
internal static class EffectExecutor
{
    public static void Execute(VirtualWorld world, SimHost host, int life, NodeEffect effect)
    {
        var agent = host.Agent;
        switch (effect)
        {
            case NodeEffect.Persist e:
                world.Etcd.Commit(host, e.Transaction, outcome => agent.Deliver(life, new NodeInput.StorePersisted(e.Operation, outcome)));
                break;
            case NodeEffect.ReadStore e:
                world.Etcd.Read(host, e.Keys, seen => agent.Deliver(life, new NodeInput.StoreWasRead(e.Operation, seen)));
                break;
            case NodeEffect.ReadPower e:
                world.Host(e.Target.Host).Bmc.ReadPower(host, seen => agent.Deliver(life, new NodeInput.PowerRead(e.Operation, seen)));
                break;
            case NodeEffect.SwitchPowerOff e:
                world.Host(e.Target.Host).Bmc.SwitchOff(
                    host, outcome => agent.Deliver(life, new NodeInput.PowerSwitched(e.Operation, outcome)));
                break;
            case NodeEffect.AbandonPowerOff:
                // The worst case: it had been sent, and goes on.
                break;
            case NodeEffect.RevokeStorage e:
                world.StorageOf(e.Name).Revoke(
                    host,
                    world.Host(e.Target.Session.Host),
                    outcome => agent.Deliver(life, new NodeInput.StorageRevoked(e.Operation, outcome)));
                break;
            case NodeEffect.RestoreStorage e:
                world.StorageOf(e.Name).Restore(host, outcome => agent.Deliver(life, new NodeInput.StorageRestored(e.Operation, outcome)));
                break;
            case NodeEffect.ArmToken e:
                host.Beacon.Arm(
                    new StartToken(e.Group, e.Uuid, e.Epoch, e.Session, e.OnIsolation),
                    e.Read,
                    ok => agent.Deliver(life, new NodeInput.TokenArmed(e.Operation, ok)));
                break;
            case NodeEffect.RevokeToken e:
                host.Beacon.Revoke(e.Uuid, ok => agent.Deliver(life, new NodeInput.TokenRevoked(e.Operation, ok)));
                break;
            case NodeEffect.AskConsent e:
                host.Beacon.Consent(
                    e.Number, e.Target.Session, e.SafeAfter, seen => agent.Deliver(life, new NodeInput.ConsentAnswered(e.Operation, seen)));
                break;
            case NodeEffect.SetUpBeacon e:
                host.Beacon.SetUp(e.Setup);
                break;
            case NodeEffect.Reply e:
                world.Requests.Answered(host, e.Operation, e.Answer);
                break;
            case NodeEffect.Report e:
                world.Checks.Reported(host, e.Fact);
                if (world.Zero is not null)
                    world.Trace.Add(world.ScenarioTime, host.Id, e.Fact);
                break;
            default:
                ExecuteOnGuests(host, life, effect);
                break;
        }
    }

    private static void ExecuteOnGuests(SimHost host, int life, NodeEffect effect)
    {
        var (agent, hypervisor) = (host.Agent, host.Hypervisor);
        switch (effect)
        {
            case NodeEffect.ListGuests e:
                hypervisor.List(seen => agent.Deliver(life, new NodeInput.GuestsListed(e.Operation, seen)));
                break;
            case NodeEffect.StartGuest e:
                hypervisor.Start(e.Group, byAgent: true, outcome => agent.Deliver(life, new NodeInput.GuestActed(e.Operation, outcome)));
                break;
            case NodeEffect.StopGuest e:
                hypervisor.Stop(
                    e.Group, e.Mode, Latency.ShutdownGrace, outcome => agent.Deliver(life, new NodeInput.GuestActed(e.Operation, outcome)));
                break;
            case NodeEffect.AskAgent e:
                hypervisor.AskAgent(e.Group, outcome => agent.Deliver(life, new NodeInput.GuestActed(e.Operation, outcome)));
                break;
            case NodeEffect.ForgetGuest e:
                hypervisor.Forget(e.Group, outcome => agent.Deliver(life, new NodeInput.GuestActed(e.Operation, outcome)));
                break;
            case NodeEffect.SetAutostart e:
                hypervisor.SetAutostart(
                    e.Group, e.Autostart, outcome => agent.Deliver(life, new NodeInput.GuestActed(e.Operation, outcome)));
                break;
            case NodeEffect.SaveStoreMark e:
                host.Mark = e.Mark;
                break;
            case NodeEffect.ReadStamps e:
                host.Stamps.Read(e.Group, seen => agent.Deliver(life, new NodeInput.StampsRead(e.Operation, seen)));
                break;
            case NodeEffect.WriteStamps e:
                host.Stamps.Write(e.Group, e.Stamp, outcome => agent.Deliver(life, new NodeInput.GuestActed(e.Operation, outcome)));
                break;
            case NodeEffect.RemoveStamps e:
                host.Stamps.Remove(e.Group, e.ClusterId, outcome => agent.Deliver(life, new NodeInput.GuestActed(e.Operation, outcome)));
                break;
            case NodeEffect.ReadDefinition e:
                hypervisor.ReadDefinition(e.Group, seen => agent.Deliver(life, new NodeInput.DefinitionRead(e.Operation, seen)));
                break;
            default:
                throw new InvalidOperationException($"The simulator does not know the effect {effect.GetType().Name}.");
        }
    }
}
