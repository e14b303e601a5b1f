using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mainstay.Beacon.Native;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Lease;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;

namespace Mainstay.Beacon;

/// <summary>The beacon's one thread: sleeps in poll until a beacon is due or something came in, and waits for nothing else.</summary>
internal sealed unsafe class BeaconLoop : IDisposable
{
    private const int SlotStop = 0;
    private const int SlotAgentListener = 1;
    private const int SlotAgent = 2;
    private const int SlotHookListener = 3;
    private const int SlotHooks = 4;
    private const int SlotNetworks = SlotHooks + HookPort.Slots;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProgressLasts = TimeSpan.FromSeconds(10);

    private readonly BeaconTable table = new(Timing.For(TimingProfile.Balanced));
    private readonly Libc.PollEntry[] entries = new Libc.PollEntry[SlotNetworks + AgentFrame.MaxNetworks];
    private readonly StartGate gate;
    private readonly LeaseWork lease;
    private readonly LatenessCount lateness = new();
    private readonly AgentPort agent;
    private readonly HookPort hooks;
    private readonly Networks networks;
    private readonly SavedState saved;
    private readonly int stopDescriptor;
    private BeaconSetup? setup;
    private bool unsaved;
    private Instant? lastProgress;
    private Instant nextTidy;

    /// <param name="stopDescriptor">Becomes readable when the process is to end.</param>
    public BeaconLoop(BeaconPaths paths, int stopDescriptor)
    {
        this.stopDescriptor = stopDescriptor;
        var held = new BeaconLease(NewIncarnation(), MonotonicClock.Now);
        gate = new StartGate(held.Holder);
        lease = new LeaseWork(held, gate, Save, paths.Watchdog);
        networks = new Networks(paths, table, held);
        saved = new SavedState(paths.State);
        agent = new AgentPort(paths.AgentSocket);
        hooks = new HookPort(paths.HookSocket, gate);
    }

    public void Run()
    {
        var now = MonotonicClock.Now;
        Restore(now);
        table.Loop(now);
        while (!Stopping())
        {
            Sleep();
            now = MonotonicClock.Now;
            lease.Woke();
            if (now >= table.NextDeadline)
                lateness.Note(now - table.NextDeadline);
            table.Loop(now);
            for (var i = 0; i < networks.Count; i++)
            {
                if (entries[SlotNetworks + i].Got != 0)
                    networks.Serve(i, entries[SlotNetworks + i].Got, now);
            }

            lease.Look(now);

            // Beacons before all else: whoever talks to us must not make us late for the others.
            if (table.SendDue(now))
                networks.Send(AgentAlive(now), lease.Unfed(now), now);
            ServeAgent(now);
            ServeHooks(now);
            if (table.ReportDue(now))
                Report(now);
            if (now >= nextTidy)
                Tidy(now);
        }

        lease.End();
        Note.Write($"ends; {networks.Summary()}; {lateness}");
    }

    public void Dispose()
    {
        lease.Dispose();
        agent.Dispose();
        hooks.Dispose();
        networks.Dispose();
    }

    private bool Stopping() => entries[SlotStop].Got != 0;

    private void Sleep()
    {
        Watch(SlotStop, stopDescriptor);
        Watch(SlotAgentListener, agent.Listener);
        Watch(SlotAgent, agent.Descriptor);
        if (agent.Congested)
            entries[SlotAgent].Wanted |= Linux.PollOut;
        Watch(SlotHookListener, hooks.Listener);
        for (var i = 0; i < HookPort.Slots; i++)
            Watch(SlotHooks + i, hooks.Descriptor(i));
        for (var i = 0; i < AgentFrame.MaxNetworks; i++)
            Watch(SlotNetworks + i, i < networks.Count ? networks.Descriptor(i) : -1);
        var wait = Instant.Min(Instant.Min(table.NextDeadline, nextTidy), lease.NextDeadline) - MonotonicClock.Now;
        var milliseconds = (int)Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, 1000);
        fixed (Libc.PollEntry* first = entries)
        {
            if (Libc.Poll(first, (nuint)entries.Length, milliseconds) >= 0)
                return;
        }

        var error = Marshal.GetLastPInvokeError();
        if (error != Linux.ErrorInterrupted)
            throw new InvalidOperationException($"poll: {Marshal.GetPInvokeErrorMessage(error)}");
        foreach (ref var entry in entries.AsSpan())
            entry.Got = 0;
    }

    private static ulong NewIncarnation()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToUInt64(bytes) | 1;
    }

    private void Watch(int slot, int descriptor) =>
        entries[slot] = new Libc.PollEntry { Descriptor = descriptor, Wanted = Linux.PollIn };

    private bool AgentAlive(Instant now) => agent.Connected && lastProgress is { } at && now - at < ProgressLasts;

    private void ServeAgent(Instant now)
    {
        if ((entries[SlotAgent].Got & Linux.PollOut) != 0 && agent.Congested)
            agent.Flush();
        if ((entries[SlotAgent].Got & ~Linux.PollOut) != 0 && agent.Connected)
            agent.Read();
        while (agent.Connected && agent.Next(out var body, out var taken) is { } kind)
        {
            if (!Take(kind, body, now))
                agent.HangUp($"its {kind} frame cannot be read");
            agent.Drop(taken);
        }

        if (entries[SlotAgentListener].Got == 0)
            return;
        agent.Accept();
        lastProgress = null;
    }

    private void ServeHooks(Instant now)
    {
        for (var i = 0; i < HookPort.Slots; i++)
        {
            if (entries[SlotHooks + i].Got != 0)
                hooks.Serve(i, now);
        }

        if (entries[SlotHookListener].Got != 0)
            hooks.Accept(now);
    }

    private bool Take(FrameKind kind, ReadOnlySpan<byte> body, Instant now)
    {
        var reader = new WireReader(body);
        switch (kind)
        {
            case FrameKind.Progress:
                lastProgress = now;
                return true;
            case FrameKind.SetUp:
                if (AgentFrame.ReadSetUp(ref reader) is not { } fresh)
                    return false;
                if (fresh != setup)
                    SetUp(fresh, now);
                return true;
            case FrameKind.Arm:
                var toArm = reader.UInt32();
                var token = AgentFrame.ReadToken(ref reader);
                var read = LeaseFrame.ReadLife(ref reader);
                if (reader.Failed)
                    return false;
                var refusal = lease.IsMeasured ? "the watchdog of this host is being measured"
                    : lease.Lease.MayArm(read) ? gate.Arm(token)
                    : "the lease has run out since the store was read";
                Save();
                Acknowledge(toArm, refusal is null, refusal ?? "");
                return true;
            case FrameKind.Consent:
                return Consent(ref reader, now);
            case FrameKind.Measure:
                var toMeasure = reader.UInt32();
                var obstacle = lease.Measure(ref reader, now);
                Acknowledge(toMeasure, obstacle is null, obstacle ?? "");
                return !reader.Failed;
            case FrameKind.Revoke:
                var toRevoke = reader.UInt32();
                var uuid = reader.Text();
                if (reader.Failed)
                    return false;
                gate.Revoke(uuid);
                Save();

                // S4: a restarted beacon must not find the token again, so it is gone only when it is gone from the saved state.
                Acknowledge(toRevoke, !unsaved, unsaved ? "the saved state cannot be changed" : "");
                return true;
            default:
                // A newer agent may say more than this build knows.
                return true;
        }
    }

    private bool Consent(ref WireReader reader, Instant now)
    {
        if (lease.Consent(ref reader, now) is not { } said)
            return false;
        var frame = agent.Begin(FrameKind.Consented);
        LeaseFrame.WriteAnswer(ref frame, said.Request, said.Answer);
        agent.Send(ref frame);
        return true;
    }

    private void SetUp(BeaconSetup fresh, Instant now)
    {
        setup = fresh;
        gate.SetUp(fresh);
        lease.SetUp(fresh);
        table.SetUp(fresh, now);
        networks.SetUp(fresh);
        Save();
    }

    private void Save() => unsaved = setup is not null && !saved.Save(setup with { Protected = gate.Guests() }, gate.Tokens);

    private void Restore(Instant now)
    {
        if (saved.Load() is not { } state)
            return;
        setup = state.Setup;
        gate.SetUp(state.Setup);
        foreach (var token in state.Tokens)
            gate.Arm(token);
        lease.SetUp(state.Setup);
        table.SetUp(state.Setup, now);
        networks.SetUp(state.Setup);
        var session = state.Setup.Session?.ToString() ?? "none";
        Note.Write($"goes on as {state.Setup.Self} in session {session}, {gate.Tokens.Count} tokens armed");
    }

    private void Acknowledge(uint request, bool accepted, string why)
    {
        var frame = agent.Begin(FrameKind.Acknowledged);
        AgentFrame.WriteAcknowledged(ref frame, request, accepted, why);
        agent.Send(ref frame);
    }

    private void Report(Instant now)
    {
        // A report behind an unread one would be old when it is read; the next one comes soon.
        if (setup is not null && agent.Connected && !agent.Congested)
        {
            var frame = agent.Begin(FrameKind.Report);
            lease.Report(ref frame, table, lateness.Figures, networks, now);
            agent.Send(ref frame);
        }

        table.Reported(now);
    }

    private void Tidy(Instant now)
    {
        nextTidy = now + Second;
        networks.Repair();
        hooks.Tidy(now);
        if (unsaved)
            Save();
    }
}
