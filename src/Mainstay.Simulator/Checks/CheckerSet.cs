using Mainstay.Core.Facts;
using Mainstay.Core.Groups;
using Mainstay.Core.Node;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Checks;

/// <summary>All checkers of a world. They read ground truth, always, and never steer anything.</summary>
internal sealed class CheckerSet
{
    private const int Kept = 50;

    private readonly VirtualWorld world;
    private readonly List<Violation> found = [];

    public CheckerSet(VirtualWorld world)
    {
        this.world = world;
        Executions = new ExecutionChecker(world, this);
        Store = new StoreChecker(world, this);
        Fences = new FenceChecker(world, this);
        Proofs = new ProofChecker(world, this);
        Leases = new LeaseChecker(world, this);
        Quarantines = new QuarantineChecker(world, this);
        Yields = new YieldChecker(world, this);
        Rules = new RuleChecker(world, this);
        Recoveries = new RecoveryChecker(world, this);
    }

    public ExecutionChecker Executions { get; }

    public StoreChecker Store { get; }

    public FenceChecker Fences { get; }

    public ProofChecker Proofs { get; }

    public LeaseChecker Leases { get; }

    public QuarantineChecker Quarantines { get; }

    public YieldChecker Yields { get; }

    public RuleChecker Rules { get; }

    public RecoveryChecker Recoveries { get; }

    public IReadOnlyList<Violation> Found => found;

    /// <summary>The same finding counts once.</summary>
    public void Violate(string rule, string what)
    {
        if (found.Count < Kept && !found.Exists(known => known.Rule == rule && known.What == what))
            found.Add(new Violation(world.ScenarioTime, rule, what));
    }

    /// <summary>What the store says about flags is what the cluster knows from now on.</summary>
    public void StoreRestored()
    {
        Executions.StoreRestored();
        Quarantines.StoreRestored();
        Recoveries.StoreRestored();
        Fences.ArmedChanges(GroundTruth.Settings(world)?.Armed ?? false);
        foreach (var host in world.Hosts)
            Fences.MaintenanceChanges(host.Id, GroundTruth.InMaintenance(world, host.Id));
    }

    public void AgentActs(SimHost by, NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.SwitchPowerOff off:
                Fences.Ordered(by, off.Target);
                break;
            case NodeEffect.RevokeStorage revoke:
                Fences.Ordered(by, revoke.Target.Session);
                break;
            case NodeEffect.StopGuest stop:
                Executions.StopOrdered(by, stop.Group);
                break;
        }
    }

    public void Requested(AdminRequest request)
    {
        switch (request)
        {
            case AdminRequest.ConfirmDead confirm:
                Fences.Vouched(confirm.Host);
                break;
            case AdminRequest.Stop stop:
                Executions.StopWanted(stop.Group);
                break;
            case AdminRequest.Move move:
                Executions.StopWanted(move.Group);
                break;
            case AdminRequest.Protect { TakesOver: true } protect:
                Executions.TakenOver(protect.Group);
                break;
            case AdminRequest.Start start:
                if (start.TakesOver)
                    Executions.TakenOver(start.Group);
                Executions.StopWanted(start.Group);
                break;
        }
    }

    /// <summary>Facts are what agents believe; that a host is dead, and how long a recovery took, are held against the truth.</summary>
    public void Reported(SimHost by, Fact fact)
    {
        if (fact is Fact.HostFenced fenced && !Proofs.Recorded(fenced.Host))
            Violate("S2", $"{by.Id} reports {fenced.Host} fenced, but the store holds no proof");
        if (fact is Fact.RecoveryMeasured measured)
            Recoveries.Measured(by, measured.Group, measured.Took);
    }
}
