namespace Mainstay.Simulator.Fuzz;

/// <summary>
/// The kinds of faults the fuzzer draws. A BMC that lies is not among them: it breaks the assumptions of the protocol, and a person's
/// false word likewise.
/// </summary>
internal static class FaultKinds
{
    private static readonly string[] BmcFaults = ["dead", "ignoring", "mute", "wrong-password"];
    private static readonly string[] AccessFaults = ["dead", "mute", "ignoring", "half", "weak"];
    private static readonly string[] BmcDelays = ["slow", "late", "twice"];

    public static readonly Action<FuzzPlan>[] All =
    [
        Power, PowerWithBmc, Reboot, Hang, Panic, Agent, Agent, Beacon, Stall, Libvirtd, Etcd, Link, Pair, Partition, Loss, Delay, Bmc, Bmc,
        StoreOutage, StoreSlow, StoreAnswers, StoreWatch, Storage, Access, Access, Crash, StartFailure, MonitorHang, SlowDisk, Flaps, Clock,
        Clone, .. DeedKinds.All,
    ];

    private static void Power(FuzzPlan plan)
    {
        var (at, host) = (plan.When(), plan.Host());
        plan.Add(at, $"power off {host}");
        if (plan.Chance.Happens(70))
            plan.Add(at + plan.Number(0.1, 40), $"power on {host}");
    }

    private static void PowerWithBmc(FuzzPlan plan)
    {
        var (at, host) = (plan.When(), plan.Host());
        plan.Add(at, $"power off {host} and its bmc");
        if (plan.Chance.Happens(70))
            plan.Add(at + plan.Number(1, 40), $"power on {host}");
    }

    private static void Reboot(FuzzPlan plan) => plan.Add(plan.When(), $"reboot {plan.Host()}");

    private static void Hang(FuzzPlan plan) => plan.Add(plan.When(), $"hang {plan.Host()} for {plan.Seconds(0.2, 30)}");

    private static void Panic(FuzzPlan plan) => plan.Add(plan.When(), $"panic {plan.Host()} for {plan.Seconds(0.3, 30)}");

    private static void Agent(FuzzPlan plan) => Process(plan, "agent", 40);

    private static void Beacon(FuzzPlan plan) => Process(plan, "beacon", 6);

    private static void Stall(FuzzPlan plan) =>
        plan.Add(plan.When(), $"stall beacon {plan.Host()} for {plan.Seconds(0.1, 15)} before feeding");

    private static void Libvirtd(FuzzPlan plan) => Process(plan, "libvirtd", 40);

    private static void Etcd(FuzzPlan plan) => Process(plan, "etcd", 20);

    private static void Process(FuzzPlan plan, string process, double longest)
    {
        var host = plan.Host();
        plan.Add(plan.When(), plan.Chance.Below(3) switch
        {
            0 => $"kill {process} {host}",
            1 => $"kill {process} {host} for {plan.Seconds(0.5, longest)}",
            _ => $"stop {process} {host} for {plan.Seconds(0.1, longest)}",
        });
    }

    private static void Link(FuzzPlan plan)
    {
        var (at, host) = (plan.When(), plan.Host());
        var network = plan.Chance.Happens(40) ? $" {plan.Network()}" : "";
        plan.Add(at, $"cut {host}{network}");
        plan.Add(at + plan.Number(0.1, 30), $"heal {host}");
    }

    private static void Pair(FuzzPlan plan)
    {
        var (at, one) = (plan.When(), plan.Host());
        var other = plan.OtherHost(one);
        plan.Add(at, plan.Chance.Happens(50) ? $"cut {one} -> {other}" : $"cut {one} from {other} on {plan.Network()}");
        plan.Add(at + plan.Number(0.1, 30), $"heal {one} from {other}");
    }

    private static void Partition(FuzzPlan plan)
    {
        var (at, size) = (plan.When(), 1 + plan.Chance.Below(plan.Hosts.Count - 1));
        var where = plan.Chance.Happens(40) ? $" on {plan.Network()}" : "";
        plan.Add(at, $"partition {string.Join(' ', plan.Hosts.Take(size))} / {string.Join(' ', plan.Hosts.Skip(size))}{where}");
        plan.Add(at + plan.Number(0.2, 30), "heal network");
    }

    private static void Loss(FuzzPlan plan)
    {
        var (at, network) = (plan.When(), plan.Network());
        var where = plan.Chance.Happens(50) ? $" at {plan.Host()}" : "";
        plan.Add(at, $"loss {1 + plan.Chance.Below(60)}% on {network}{where}");
        plan.Add(at + plan.Number(1, 30), $"heal {network}");
    }

    private static void Delay(FuzzPlan plan)
    {
        var (at, network) = (plan.When(), plan.Network());
        plan.Add(at, $"delay {1 + plan.Chance.Below(250)}ms on {network}");
        plan.Add(at + plan.Number(1, 30), $"heal {network}");
    }

    private static void Bmc(FuzzPlan plan)
    {
        var (at, host) = (plan.When(0.4), plan.Host());
        plan.Add(at, plan.Chance.Happens(50)
            ? $"bmc {host} {plan.Chance.Of(BmcFaults)}"
            : $"bmc {host} {plan.Chance.Of(BmcDelays)} {plan.Seconds(0.5, 15)}");
        if (plan.Chance.Happens(50))
            plan.Add(at + plan.Number(5, 40), $"bmc {host} ok");
    }

    private static void StoreOutage(FuzzPlan plan)
    {
        var at = plan.When();
        plan.Add(at, plan.Chance.Happens(30) ? "store full" : "store outage");
        plan.Add(at + plan.Number(0.2, 30), "store heal");
    }

    private static void StoreSlow(FuzzPlan plan)
    {
        var at = plan.When();
        plan.Add(at, $"store slow {plan.Seconds(0.05, 3.5)}");
        plan.Add(at + plan.Number(1, 30), "store heal");
    }

    private static void StoreAnswers(FuzzPlan plan)
    {
        var at = plan.When();
        plan.Add(at, $"store lose answers {1 + plan.Chance.Below(50)}%");
        plan.Add(at + plan.Number(1, 30), "store heal");
    }

    private static void StoreWatch(FuzzPlan plan)
    {
        var at = plan.When();
        plan.Add(at, plan.Chance.Happens(50) ? "store compact" : $"store watch delay {plan.Seconds(0.05, 3)}");
        plan.Add(at + plan.Number(1, 30), "store heal");
    }

    private static void Storage(FuzzPlan plan)
    {
        var at = plan.When();
        plan.Add(at, plan.Chance.Happens(30) ? "storage outage" : $"storage cut {plan.Host()}");
        plan.Add(at + plan.Number(1, 40), "storage heal");
    }

    private static void Access(FuzzPlan plan)
    {
        if (plan.Storages.Count == 0)
            return;
        var (at, storage) = (plan.When(0.4), plan.Chance.Of(plan.Storages));
        plan.Add(at, plan.Chance.Happens(30)
            ? $"storage {storage} slow {plan.Seconds(0.5, 15)}"
            : $"storage {storage} {plan.Chance.Of(AccessFaults)}");
        if (plan.Chance.Happens(70))
            plan.Add(at + plan.Number(5, 40), $"storage {storage} ok");
    }

    private static void Crash(FuzzPlan plan) => plan.WithGuest(guest => plan.Add(plan.When(), $"crash {guest}"));

    private static void StartFailure(FuzzPlan plan) => plan.WithGuest(guest =>
    {
        var at = plan.When();
        plan.Add(at, plan.Chance.Happens(50)
            ? $"fail start {guest} {1 + plan.Chance.Below(5)} times"
            : $"fail start {guest} on {plan.Host()}");
        plan.Add(at + plan.Number(0.1, 3), $"crash {guest}");
    });

    private static void MonitorHang(FuzzPlan plan) => plan.WithGuest(guest =>
    {
        var at = plan.When();
        plan.Add(at, $"monitor hang {guest}");
        if (plan.Chance.Happens(50))
            plan.Add(at + plan.Number(1, 30), $"monitor resume {guest}");
    });

    private static void SlowDisk(FuzzPlan plan) => plan.Add(plan.When(0.27), $"disk slow {plan.Host()} {5 + plan.Chance.Below(50)} times");

    private static void Flaps(FuzzPlan plan)
    {
        var (at, host, network) = (plan.When(), plan.Host(), plan.Network());
        for (var i = 0; i < 5; i++)
            plan.Add(at + (i * plan.Number(0.5, 3)), $"flap {host} {network}");
    }

    // A quartz within what the safe time allows for, a time service as fast as the kernel lets it.
    private static void Clock(FuzzPlan plan) => plan.Add(0, plan.Chance.Happens(50)
        ? $"clock {plan.Host()} drift {plan.Chance.Below(2001) - 1000}ppm"
        : $"clock {plan.Host()} slew {plan.Chance.Below(200_001) - 100_000}ppm");

    // The copy is without power before everything is healed: the host itself is to be the member then. Nothing tells one machine that calls
    // itself witness from another (decision 19), and of two hosts that do not hear each other none can know that it is the deaf one.
    private static void Clone(FuzzPlan plan)
    {
        var (at, host) = (plan.When(), plan.Host());
        if (host.StartsWith('w') || plan.NewClone() is not { } copy)
            return;
        var elsewhere = plan.Hosts.Count > 3 && plan.Chance.Happens(50);
        plan.Add(at, $"clone {host}{(elsewhere ? " elsewhere" : "")} as {copy}");
        if (plan.Chance.Happens(50))
            plan.Add(at + plan.Number(-2, 10), $"power off {host}");
        plan.Add(at + plan.Number(5, 60), $"power off {copy}");
    }
}
