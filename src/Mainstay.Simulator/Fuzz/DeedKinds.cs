namespace Mainstay.Simulator.Fuzz;

/// <summary>
/// What people do while things fail: to guests, to hosts, to the cluster and its store. A person's word is true here; what comes of a false
/// one is for scenarios.
/// </summary>
internal static class DeedKinds
{
    private static readonly string[] Profiles = ["aggressive", "balanced", "conservative"];

    public static readonly Action<FuzzPlan>[] All =
    [
        Inside, Virsh, Virsh, Admin, Admin, Deed, Deed, Maintenance, Disarm, Quarantine, Shutdown, Shutdown, StoreRestore, Found, Found,
        Membership, Membership, Configuration, Profile,
    ];

    private static void Inside(FuzzPlan plan) => plan.WithGuest(guest => plan.Add(plan.When(), $"shutdown {guest} from inside"));

    private static void Virsh(FuzzPlan plan) => plan.WithGuest(guest => plan.Add(plan.When(), plan.Chance.Below(3) switch
    {
        0 => $"virsh shutdown {guest}",
        1 => $"virsh destroy {guest}",
        _ => $"virsh start {guest} on {plan.Host()}",
    }));

    private static void Admin(FuzzPlan plan) => plan.WithGuest(guest =>
    {
        var at = plan.When();
        switch (plan.Chance.Below(4))
        {
            case 0:
                plan.Add(at, $"stop {guest}");
                plan.Add(at + plan.Number(1, 30), $"start {guest}");
                break;
            case 1:
                plan.Add(at, $"move {guest} to {plan.Host()}");
                break;
            case 2:
                plan.Add(at, $"move {guest}");
                break;
            default:
                plan.Add(at, $"release {guest}");
                plan.Add(at + plan.Number(2, 30), $"protect {guest}");
                break;
        }
    });

    /// <summary>One command, and nobody takes it back: its moment is any.</summary>
    private static void Deed(FuzzPlan plan) => plan.WithGuest(guest => plan.Add(plan.When(), plan.Chance.Below(9) switch
    {
        0 => $"release {guest}",
        1 => $"protect {guest}",
        2 => $"start {guest}",
        3 => $"start {guest} on {plan.Host()}",
        4 => $"stop {guest}",
        5 => $"stop {guest} now",
        6 => $"move {guest} to {plan.Host()}",
        7 => $"policy {guest} isolation {(plan.Chance.Happens(50) ? "keep" : "freeze-then-kill")}",
        _ => $"policy {guest} repeated-loss restart",
    }));

    private static void Maintenance(FuzzPlan plan)
    {
        var (at, host) = (plan.When(), plan.Host());
        plan.Add(at, plan.Chance.Below(3) switch
        {
            0 => $"drain {host}",
            1 => $"drain {host} anyway \"drill\"",
            _ => $"maintenance {host} on",
        });
        plan.Add(at + plan.Number(5, 40), $"maintenance {host} off");
    }

    private static void Quarantine(FuzzPlan plan)
    {
        var (at, host) = (plan.When(), plan.Host());
        plan.Add(at, $"quarantine {host} on \"drill\"");
        plan.Add(at + plan.Number(1, 40), $"quarantine {host} off");
    }

    private static void Shutdown(FuzzPlan plan)
    {
        var (at, host) = (plan.When(), plan.Host());
        plan.Add(at, $"shutdown {host} {(plan.Chance.Happens(50) ? "moving" : "keeping")}");
        if (plan.Chance.Happens(60))
            plan.Add(at + plan.Number(3, 40), $"power on {host}");
    }

    private static void Disarm(FuzzPlan plan)
    {
        var at = plan.When();
        plan.Add(at, "disarm \"drill\"");
        plan.Add(at + plan.Number(2, 30), "arm");
    }

    // Twice at times: what was written between the two restores is another lost time.
    private static void StoreRestore(FuzzPlan plan)
    {
        var at = plan.When(0.64);
        plan.Add(at, "store backup");
        var restored = at + plan.Number(0.2, 30);
        plan.Add(restored, "store restore");
        if (plan.Chance.Happens(30))
            plan.Add(restored + plan.Number(0.1, 10), "store restore");
    }

    /// <summary>A host loses its power, and a person who sees that says so.</summary>
    private static void Found(FuzzPlan plan)
    {
        var (at, host) = (plan.When(), plan.Host());
        plan.Add(at, $"power off {host}{(plan.Chance.Happens(70) ? " and its bmc" : "")}");
        plan.Add(at + plan.Number(0.1, 25), $"confirm-dead {host} when off \"found without power\"");
        if (plan.Chance.Happens(60))
            plan.Add(at + plan.Number(0.1, 40), $"power on {host}");
    }

    /// <summary>A host is taken out of the cluster, drained or dead, and joins again: at once, or when its fault is over.</summary>
    private static void Membership(FuzzPlan plan)
    {
        var (at, host) = (plan.When(), plan.Host());
        var gone = at + plan.Number(0.5, 20);
        switch (plan.Chance.Below(3))
        {
            case 0:
                plan.Add(at, $"drain {host} anyway \"it leaves\"");
                break;
            case 1:
                plan.Add(at, $"maintenance {host} on");
                break;
            default:
                plan.Add(at, $"power off {host}");
                plan.Add(at + plan.Number(0.5, 40), $"power on {host}");
                break;
        }

        plan.Add(gone, $"remove {host}");
        plan.Add(gone + plan.Number(0.05, 20), $"add {host}");
        plan.Joins(host);
    }

    /// <summary>
    /// How hosts are proved dead is taken away, and given back. Not so storages: a store that is restored to a time without one of them is
    /// an open finding (<c>docs/testing.md</c>).
    /// </summary>
    private static void Configuration(FuzzPlan plan)
    {
        var at = plan.When();
        var host = plan.Host();
        plan.Add(at, $"fence remove {host}");
        plan.Add(at + plan.Number(0.05, 30), $"fence set {host}");
        plan.Joins(host);
    }

    private static void Profile(FuzzPlan plan) => plan.Add(plan.When(), $"profile {plan.Chance.Of(Profiles)}");
}
