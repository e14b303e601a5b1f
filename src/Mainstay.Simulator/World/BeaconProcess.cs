using Mainstay.Core.Lease;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Simulator.World;

/// <summary>
/// The beacon of a host: the production table of who is heard, the production lease, and the start tokens. A new life finds set-up and
/// tokens as the old one saved them in this boot, and nothing else.
/// </summary>
internal sealed class BeaconProcess(VirtualWorld world, SimHost host) : SimProcess(world, host, Latency.BeaconRestart)
{
    private static readonly TimeSpan AgentAliveFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Recently = TimeSpan.FromMilliseconds(250);

    private readonly SimStartGate gate = new();
    private readonly BeaconSocket socket = new(world);
    private readonly BeaconMail mail = new(world, host);
    private BeaconTable table = new(world.Profile);
    private NetworkEars ears = new();
    private BeaconGuard guard = new(world, host, new BeaconLease(1, Instant.Origin), new SimStartGate());
    private BeaconSetup? setup;
    private SimHost[] peers = [];
    private BeaconPacket packet, lastOfEarlier;
    private BeaconReport? report;
    private LeaseState quietLease;
    private Action? wake;

    /// <summary>
    /// Something besides a dead beacon process keeps this host from being heard, or may. A beacon that died does not count: the kernel's
    /// refusals tell the others (S9).
    /// </summary>
    public bool MayBeSilent =>
        !Host.KernelUp || State == ProcessState.Stopped || Audibility.UnheardByHalf(World, Host)
        || (State == ProcessState.Running && setup?.Session is null);

    /// <summary>The agent's process came up; the connection is there when both live.</summary>
    public void AgentConnected()
    {
        if (State != ProcessState.Dead && Host.Agent.Alive)
            Host.Agent.Deliver(new NodeInput.BeaconConnected(true));
    }

    public void SetUp(BeaconSetup news) => socket.Request(this, () => { World.NoteTroubles(); TakeSetUp(news); Pump(); }, static () => { });

    /// <summary>Asks it as a keeper.</summary>
    public void Consent(int number, SessionId session, TimeSpan safeAfter, Action<Observed<ConsentAnswer>> reply)
    {
        var answer = new Answer<Observed<ConsentAnswer>>(reply);
        World.After(Latency.BeaconLimit, () => answer.Give(new Observed<ConsentAnswer>.Unknown("the beacon does not answer")));
        socket.Request(
            this,
            () => answer.Give(new Observed<ConsentAnswer>.Known(guard.Lease.Book.Consent(number, session.Number, safeAfter, Clock))),
            () => answer.Give(new Observed<ConsentAnswer>.Unknown("the beacon is gone")));
    }

    /// <summary>The lease ran out: nothing may be started with what was armed under it.</summary>
    public void DropTokens() => gate.DropGuarded();

    public void StallNextFeeding(TimeSpan time) => guard.StallNextFeeding(time);

    /// <summary>The last beacons it sent, of this session and of the one before.</summary>
    public BeaconPacket[] Recorded => [packet, lastOfEarlier];

    /// <summary>The clock it goes by.</summary>
    public Instant Clock => Host.Clocks.Beacon;

    public LeaseState LeaseState => World.Quiet.IsOn ? quietLease : guard.Lease.Holder.StateAt(Clock);

    /// <summary>When it wakes up next, as planned.</summary>
    public TimeSpan NextWake { get; private set; } = TimeSpan.MaxValue;

    /// <summary>When it last told its agent something.</summary>
    public TimeSpan LastReport { get; private set; }

    /// <summary>It runs with its agent, hears everybody and is acknowledged by everybody who should.</summary>
    public bool IsQuiet =>
        Runs && Host.Agent.Runs && AgentAlive && peers.Length == World.Hosts.Length - 1 && report is not null && !guard.IsAboutToStall
        && table.IsQuiet(Clock) && guard.Lease.IsQuiet(Recently, Clock);

    /// <summary>Of the lease as it is now.</summary>
    public LeaseLife LeaseLife => guard.Lease.Life;

    public void Arm(StartToken token, LeaseLife read, Action<bool> reply) => socket.Ask(
        this, () => gate.Arm(token, guard.Lease.MayArm(read) || !World.Protocol.ExpiryEndsReadings), reply);

    public void Revoke(string uuid, Action<bool> reply) => socket.Ask(this, () => gate.Revoke(uuid), reply);

    public StartToken? TokenOf(string uuid) => gate.TokenOf(uuid);

    /// <summary>S4: no answer, no start.</summary>
    public HookAnswer AskHook(string uuid)
    {
        World.Quiet.Disturb();
        return Runs
            ? gate.Answer(uuid, guard.Lease.Holder, Clock, World.Protocol)
            : new HookAnswer(false, null, "the beacon does not answer");
    }

    /// <summary>What the crash kernel sends in the name of the session that crashed.</summary>
    public void SayCrashed()
    {
        if (setup?.Session is not { } crashed)
            return;
        (packet.Host, packet.Session, packet.Crashed) = ((ushort)Host.Number, crashed.Number, true);
        mail.Send(packet, peers);
    }

    protected override void Started()
    {
        (table, ears) = (new BeaconTable(World.Profile), new NetworkEars());
        var lease = new BeaconLease(World.Chance.Next() | 1, Clock, World.Guards);
        guard = new BeaconGuard(World, Host, lease, gate);
        wake = MakeWake();
        if (setup is { } saved)
            TakeSetUp(saved);
        Host.Agent.Deliver(new NodeInput.BeaconConnected(true));
        Pump();
    }

    protected override void Died()
    {
        NextWake = TimeSpan.MaxValue;
        socket.TakeWaiting();
        if (Host.KernelUp)
            Host.Agent.Deliver(new NodeInput.BeaconConnected(false));
    }

    protected override void Continued()
    {
        var requests = socket.TakeWaiting();
        Pump();
        foreach (var request in requests)
            request();
    }

    /// <summary>What was saved belongs to one boot.</summary>
    public void ForgetBoot()
    {
        (setup, peers) = (null, []);
        gate.Forget();
    }

    private void TakeSetUp(BeaconSetup news)
    {
        if (news.Session?.Number is var session && session != packet.Session)
            lastOfEarlier = packet;
        setup = news;
        peers = news.Peers.Select(peer => World.Host(peer.Host)).ToArray();
        gate.SetUp(news);
        table.SetUp(news, Clock);
        ears.SetUp(news, Clock);
        guard.Lease.SetUp(news);
    }

    /// <summary>One round of the beacon's loop, in the order the table asks for.</summary>
    private void Pump()
    {
        if (!Runs)
            return;
        var now = Clock;
        guard.Lease.Woke(Host.Clocks.Slept);
        table.Loop(now);
        if (setup is not null)
            guard.Look(now);
        if (!Runs)
            return;
        if (table.SendDue(now) && table.Fill(ref packet, AgentAlive, now))
        {
            guard.Lease.Fill(ref packet, now);
            mail.Send(packet, peers);
        }

        ReportIfDue(now);
        PlanWake();
    }

    private bool AgentAlive => Host.Agent.Alive && World.Now - Host.Agent.LastProgress < AgentAliveFor;

    public void Arrive(in BeaconPacket beacon, SimHost from, int network)
    {
        if (!Host.KernelUp)
            return;
        if (State == ProcessState.Dead)
        {
            mail.Refuse(from, network);
            return;
        }

        if (!Runs)
            return;
        var now = Clock;
        guard.Lease.Woke(Host.Clocks.Slept);
        table.Loop(now);
        ears.Heard(from.Number, World.Network.Disturbed ? network : NetworkEars.Every, now);
        if (table.Receive(beacon, now) == BeaconVerdict.Accepted)
            guard.Lease.Heard(beacon, now);
        ReportIfDue(now);
        PlanWake();
    }

    /// <summary>Nobody listens on that host, and its kernel says so.</summary>
    public void Refused(int number)
    {
        if (!Runs)
            return;
        table.Loop(Clock);
        table.HostAnswered(number, Clock);
        ReportIfDue(Clock);
        PlanWake();
    }

    private void ReportIfDue(Instant now)
    {
        if (!table.ReportDue(now))
            return;
        LastReport = World.Now;
        if (Host.Agent.Runs && setup is not null)
        {
            report = table.BuildReport(now) with { Lease = guard.View(now), Quiet = ears.Quiet(now) };
            Host.Agent.Deliver(new NodeInput.BeaconReported(report));
        }
        else
        {
            report = null;
            table.Reported(now);
        }
    }

    /// <summary>Nothing is sent until <see cref="Leap"/>; the agent goes on hearing what it heard.</summary>
    public void FallQuiet()
    {
        (NextWake, quietLease) = (TimeSpan.MaxValue, LeaseState);
        PlanQuietReport(World.Quiet.Round);
    }

    /// <summary>It did between the two times what everybody does who is quiet.</summary>
    public void Leap(TimeSpan from, TimeSpan to)
    {
        var (begin, end) = (Host.Clocks.BeaconAt(from), Host.Clocks.BeaconAt(to));
        table.Leap(begin, end);
        ears.Leap(end - begin);
        guard.Lease.Leap(end - begin);
        PlanWake();
    }

    /// <summary>From now on it wakes up by itself again.</summary>
    public void Resound()
    {
        if (wake is not null)
            World.At(NextWake, wake);
    }

    /// <summary>The wake-up that was planned for now.</summary>
    public void WakeUp()
    {
        NextWake = TimeSpan.MaxValue;
        Pump();
    }

    private void PlanQuietReport(int round) => World.At(Host.Clocks.WhenBeacon(table.NextReport), () =>
    {
        if (round != World.Quiet.Round || report is null)
            return;
        LastReport = World.Now;
        table.ReportedQuietly(Clock);
        Host.Agent.Deliver(new NodeInput.BeaconReported(report));
        if (round == World.Quiet.Round)
            PlanQuietReport(round);
    });

    private void PlanWake()
    {
        var at = Host.Clocks.WhenBeacon(table.NextDeadline);
        if (at <= World.Now)
            at = World.Now + TimeSpan.FromMicroseconds(50);
        if (at >= NextWake || wake is null)
            return;
        NextWake = at;
        if (!World.Quiet.IsCatchingUp)
            World.At(at, wake);
    }

    private Action MakeWake()
    {
        var life = Life;
        return () =>
        {
            if (life != Life || World.Now < NextWake)
                return;
            WakeUp();
            if (LastReport == World.Now)
                World.Quiet.Consider();
        };
    }
}
