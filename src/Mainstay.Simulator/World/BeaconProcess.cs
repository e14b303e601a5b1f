using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Simulator.World;

/// <summary>A start token as the beacon holds it.</summary>
internal sealed record StartToken(GroupId Group, string Uuid, Epoch Epoch, SessionId Session);

/// <summary>What the libvirt hook is told when it asks about a start.</summary>
internal sealed record HookAnswer(bool Allowed, StartToken? Token, string Why);

/// <summary>The beacon of a host: the production table of who is heard, and the start tokens. A new life knows nothing.</summary>
internal sealed class BeaconProcess(VirtualWorld world, SimHost host) : SimProcess(world, host, Latency.BeaconRestart)
{
    private static readonly TimeSpan AgentAliveFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RefusalEvery = TimeSpan.FromSeconds(1);
    private const int RefusalBurst = 6;

    private readonly SortedDictionary<string, StartToken> tokens = new(StringComparer.Ordinal);
    private readonly List<Action> waitingRequests = [];
    private readonly TimeSpan[] refusalsPaid = new TimeSpan[world.Start.Hosts.Count];
    private BeaconTable table = new(world.Profile);
    private BeaconSetup? setup;
    private SimHost[] peers = [];
    private BeaconPacket packet;
    private TimeSpan plannedWake = TimeSpan.MaxValue;
    private Action? wake;

    /// <summary>
    /// Something besides a dead beacon process keeps this host from being heard, or may. A beacon that died does not count: the kernel's
    /// refusals tell the others (S9).
    /// </summary>
    public bool MayBeSilent =>
        !Host.KernelUp || State == ProcessState.Stopped || UnheardByHalf()
        || (State == ProcessState.Running && setup?.Session is null);

    /// <summary>The agent's process came up; the connection is there when both live.</summary>
    public void AgentConnected()
    {
        if (State != ProcessState.Dead && Host.Agent.Alive)
            Host.Agent.Deliver(new NodeInput.BeaconConnected(true));
    }

    public void SetUp(BeaconSetup news) => Request(() =>
    {
        World.NoteTroubles();
        setup = news;
        peers = news.Peers.Select(peer => World.Host(peer.Host)).ToArray();
        table.SetUp(news, Host.Clock);
        Pump();
    }, static () => { });

    public void Arm(StartToken token, Action<bool> reply) => Ask(
        () =>
        {
            tokens[token.Uuid] = token;
            return true;
        },
        reply);

    public void Revoke(string uuid, Action<bool> reply) => Ask(
        () =>
        {
            tokens.Remove(uuid);
            return true;
        },
        reply);

    public StartToken? TokenOf(string uuid) => tokens.GetValueOrDefault(uuid);

    /// <summary>S4: no answer, no start. A beacon that was not set up yet cannot know what is protected.</summary>
    public HookAnswer AskHook(string uuid)
    {
        if (!Runs)
            return new HookAnswer(false, null, "the beacon does not answer");
        if (setup is null)
            return new HookAnswer(false, null, "the beacon was not set up since it started");
        var isProtected = setup.Protected.Any(guest => guest.Uuid == uuid);
        var token = TokenOf(uuid);
        if (!isProtected && token is null)
            return new HookAnswer(true, null, "not protected");
        if (token is null)
            return new HookAnswer(false, null, "protected by the cluster, and this host holds no start token for it");
        return setup.Session is { } session && token.Session == session
            ? new HookAnswer(true, token, $"token of epoch {token.Epoch}")
            : new HookAnswer(false, null, "the start token is of another session");
    }

    protected override void Started()
    {
        table = new BeaconTable(World.Profile);
        Forget();
        wake = MakeWake();
        Host.Agent.Deliver(new NodeInput.BeaconConnected(true));
        Pump();
    }

    protected override void Died()
    {
        Forget();
        if (Host.KernelUp)
            Host.Agent.Deliver(new NodeInput.BeaconConnected(false));
    }

    protected override void Continued()
    {
        var requests = waitingRequests.ToArray();
        waitingRequests.Clear();
        Pump();
        foreach (var request in requests)
            request();
    }

    /// <summary>Half or more of those who could decide, because the store serves them, may not hear this host.</summary>
    private bool UnheardByHalf()
    {
        if (!World.Network.Disturbed)
            return false;
        var (judges, deaf) = (0, 0);
        foreach (var other in World.Hosts)
        {
            if (other == Host || (World.Etcd.HasLeader && !World.Etcd.Serves(other)))
                continue;
            judges++;
            if (World.Network.Troubled(Host.Index, other.Index))
                deaf++;
        }

        return deaf * 2 >= judges;
    }

    private void Forget()
    {
        (setup, peers, plannedWake) = (null, [], TimeSpan.MaxValue);
        tokens.Clear();
        waitingRequests.Clear();
    }

    /// <summary>A request over the beacon's socket: it waits there while the process is stopped.</summary>
    private void Request(Action act, Action refused)
    {
        var life = Life;
        World.After(Latency.Local(World.Chance), Arrive);

        void Arrive()
        {
            if (life != Life || State == ProcessState.Dead)
                refused();
            else if (Runs)
                act();
            else
                waitingRequests.Add(Arrive);
        }
    }

    private void Ask(Func<bool> act, Action<bool> reply)
    {
        var answer = new Answer<bool>(reply);
        World.After(Latency.BeaconLimit, () => answer.Give(false));
        Request(() => answer.Give(act()), () => answer.Give(false));
    }

    /// <summary>One round of the beacon's loop, in the order the table asks for.</summary>
    private void Pump()
    {
        if (!Runs)
            return;
        var now = Host.Clock;
        table.Loop(now);
        if (table.SendDue(now) && table.Fill(ref packet, AgentAlive, now))
            Send();
        ReportIfDue(now);
        PlanWake();
    }

    private bool AgentAlive => Host.Agent.Alive && World.Now - Host.Agent.LastProgress < AgentAliveFor;

    private void Send()
    {
        foreach (var peer in peers)
        {
            if (!World.Network.Disturbed)
            {
                peer.Beacon.Arrive(packet, Host, SimNetwork.Mgmt);
                continue;
            }

            for (var network = 0; network < SimNetwork.Count; network++)
                SendOver(peer, network);
        }
    }

    private void SendOver(SimHost peer, int network)
    {
        var net = World.Network;
        if (!net.Open(Host.Index, peer.Index, network) || World.Chance.Happens(net.Loss(Host.Index, peer.Index, network)))
            return;
        var delay = net.Delay(Host.Index, peer.Index, network);
        if (delay == TimeSpan.Zero)
        {
            peer.Beacon.Arrive(packet, Host, network);
            return;
        }

        var copy = packet;
        World.After(delay, () => peer.Beacon.Arrive(copy, Host, network));
    }

    private void Arrive(in BeaconPacket beacon, SimHost from, int network)
    {
        if (!Host.KernelUp)
            return;
        if (State == ProcessState.Dead)
        {
            Refuse(from, network);
            return;
        }

        if (!Runs)
            return;
        var now = Host.Clock;
        table.Loop(now);
        table.Receive(beacon, now);
        ReportIfDue(now);
        PlanWake();
    }

    /// <summary>Nobody listens here, but the kernel lives and says so: as Linux does it, six times at once, then once a second.</summary>
    private void Refuse(SimHost to, int network)
    {
        if (!World.Network.Open(Host.Index, to.Index, network))
            return;
        ref var paid = ref refusalsPaid[to.Index];
        paid = paid > World.Now - (RefusalEvery * RefusalBurst) ? paid : World.Now - (RefusalEvery * RefusalBurst);
        if (World.Now - paid < RefusalEvery)
            return;
        paid += RefusalEvery;
        to.Beacon.Refused(Host.Number);
    }

    private void Refused(int number)
    {
        if (!Runs)
            return;
        table.Loop(Host.Clock);
        table.HostAnswered(number, Host.Clock);
        ReportIfDue(Host.Clock);
        PlanWake();
    }

    private void ReportIfDue(Instant now)
    {
        if (!table.ReportDue(now))
            return;
        if (Host.Agent.Runs && setup is not null)
            Host.Agent.Deliver(new NodeInput.BeaconReported(table.BuildReport(now)));
        else
            table.Reported(now);
    }

    private void PlanWake()
    {
        var wait = table.NextDeadline - Host.Clock;
        var at = World.Now + (wait > TimeSpan.FromMicroseconds(50) ? wait : TimeSpan.FromMicroseconds(50));
        if (at >= plannedWake || wake is null)
            return;
        plannedWake = at;
        World.At(at, wake);
    }

    private Action MakeWake()
    {
        var life = Life;
        return () =>
        {
            if (life != Life || World.Now < plannedWake)
                return;
            plannedWake = TimeSpan.MaxValue;
            Pump();
        };
    }
}
