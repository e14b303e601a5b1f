using System.Globalization;
using Mainstay.Core.Groups;
using Mainstay.Core.Model;
using Mainstay.Core.Ownership;

namespace Mainstay.Simulator.World;

/// <summary>Brings a world to its start state: hosts booted and joined, guests placed and adopted, everything calm.</summary>
internal static class WorldSetup
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    /// <summary>Null when the start state was reached; else what is missing.</summary>
    public static string? BringUp(VirtualWorld world)
    {
        world.Etcd.Seed(InitialStore(world));
        foreach (var host in world.Hosts)
            host.PowerOn(world.Chance.Milliseconds(0, 500));
        if (!world.RunUntil(() => Array.TrueForAll(world.Hosts, host => Joined(world, host)), Limit))
            return $"{Array.Find(world.Hosts, host => !Joined(world, host))?.Id} did not join within {Limit.TotalSeconds:0} s";
        world.RunFor(TimeSpan.FromSeconds(1));
        foreach (var guest in world.Guests)
            world.Host(guest.Start.On).Hypervisor.Place(guest.Start);
        var isLarge = LargeStart.Suits(world);
        if (isLarge)
            LargeStart.Write(world, Request);
        else
            AskToProtect(world);
        var adopted = world.RunUntil(() => Array.TrueForAll(world.Guests, guest => Adopted(world, guest)), Limit);
        if (!adopted)
            return WhyNotAdopted(world);
        if (!isLarge && SetOrder(world) is { } refused)
            return refused;
        world.RunFor(Settle);
        if (!Array.TrueForAll(world.Guests, guest => Adopted(world, guest)))
            return WhyNotAdopted(world);
        world.BeginScenario();
        return null;
    }

    private static void AskToProtect(VirtualWorld world)
    {
        foreach (var guest in world.Guests.Where(guest => guest.Start.Protected))
            world.Requests.Ask(Request(guest), world.Host(guest.Start.On));
    }

    private static AdminRequest.Protect Request(SimGuest guest) => new(guest.Id, guest.Start.OnShutdown)
    {
        OnIsolation = guest.Start.OnIsolation,
        StorageProof = guest.Start.StorageProof,
        OnRepeatedLoss = guest.Start.OnRepeatedLoss,
        Tier = guest.Start.Tier,
        Yields = guest.Start.Yields,
        Override = "the scenario begins so",
    };

    /// <summary>Null when the order is set; else what was refused.</summary>
    private static string? SetOrder(VirtualWorld world)
    {
        var requests = new List<AdminRequest>();
        foreach (var guest in world.Guests.Where(guest => guest.Start.Protected))
            requests.AddRange(guest.Start.Order.After.Select(edge => new AdminRequest.SetOrder(guest.Id, edge)));
        requests.AddRange(world.Guests.Where(guest => guest.Start.Order.Application is not null)
            .GroupBy(guest => guest.Start.Order.Application ?? "", guest => guest.Id, StringComparer.Ordinal)
            .Select(app => new AdminRequest.SetApplication(app.Key, app.ToValueList())));
        foreach (var request in requests)
        {
            // An agent may have heard late of a guest, or be writing about it: as a person would, it is asked again.
            AdminCase asked;
            var tries = 0;
            do
            {
                world.RunFor(tries == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(200));
                asked = world.Requests.Ask(request, null);
                world.RunUntil(() => asked.Reply is not null, Limit);
            }
            while (asked.Reply is not AdminReply.Accepted && ++tries < 20);
            if (asked.Reply is not AdminReply.Accepted)
                return $"{request} was not accepted: {asked.Reply}";
        }

        return null;
    }

    private static ValueList<Change> InitialStore(VirtualWorld world)
    {
        var changes = new List<Change>
        {
            new Change.Put(new StoreKey.Cluster(), new ClusterSettings("lab", "virtual", 1, world.Start.Profile, true, "")),
        };
        foreach (var host in world.Hosts)
            changes.Add(new Change.Put(new StoreKey.Host(host.Id), ConfigOf(world, host)));

        foreach (var storage in world.Storages)
            changes.Add(new Change.Put(new StoreKey.Storage(storage.Name), storage.Config));
        if (!world.Start.Rules.Rules.IsEmpty)
            changes.Add(new Change.Put(new StoreKey.Rules(), world.Start.Rules));
        return changes.ToValueList();
    }

    /// <summary>A host as it joins.</summary>
    public static HostConfig ConfigOf(VirtualWorld world, SimHost host)
    {
        var start = world.Start.Hosts[host.Index];
        return new HostConfig(host.Number, Addresses(host), 7780, start.Fenced ? [Bmc(host)] : [], false)
        {
            Witness = start.Witness, Labels = start.Labels,
        };
    }

    /// <summary>The fence method that every host has unless the scenario says otherwise.</summary>
    public static FenceMethod Bmc(SimHost host) =>
        new("bmc", "fence_ipmilan", [new FenceOption("ip", Address(3, host), false), new FenceOption("password", "virtual", true)]);

    private static ValueList<string> Addresses(SimHost host) => [Address(1, host), Address(2, host)];

    private static string Address(int network, SimHost host) =>
        string.Create(CultureInfo.InvariantCulture, $"10.{network}.0.{host.Number}");

    private static bool Joined(VirtualWorld world, SimHost host) =>
        GroundTruth.Session(world, host.Id) is { State: SessionState.Online } session && session.Boot == host.Boot;

    private static bool Adopted(VirtualWorld world, SimGuest guest)
    {
        if (!guest.Start.Protected)
            return true;
        if (!guest.Start.Running)
            return GroundTruth.Spec(world, guest.Id) is not null;
        return GroundTruth.Ownership(world, guest.Id)?.Phase is OwnershipPhase.Claimed claimed
            && claimed.Owner.Host == guest.Start.On && guest.Executions.Count == 1;
    }

    private static string WhyNotAdopted(VirtualWorld world)
    {
        var guest = Array.Find(world.Guests, guest => !Adopted(world, guest));
        var asked = world.Requests.Cases.FirstOrDefault(
            asked => asked.Request is AdminRequest.Protect protect && protect.Group == guest?.Id);
        return $"{guest?.Id} was not adopted on {guest?.Start.On}: {asked?.Reply?.ToString() ?? "no answer to protect"}";
    }
}
