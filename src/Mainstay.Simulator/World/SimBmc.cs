using Mainstay.Core.Fencing;
using Mainstay.Core.Model;

namespace Mainstay.Simulator.World;

/// <summary>How a BMC behaves.</summary>
internal enum BmcMode
{
    Ok,

    /// <summary>Does not answer.</summary>
    Dead,

    /// <summary>Answers after a delay.</summary>
    Slow,

    /// <summary>Says off, whatever the truth, and does nothing.</summary>
    Lying,

    /// <summary>Accepts the command and does nothing; readings are true.</summary>
    Ignoring,

    /// <summary>Accepts the command and executes it after a delay, even when another boot runs by then.</summary>
    Late,

    /// <summary>Executes the command now and once more after a delay.</summary>
    Twice,

    /// <summary>Executes the command; its answer is lost.</summary>
    Mute,

    /// <summary>Refuses to log us in.</summary>
    WrongPassword,
}

/// <summary>The management controller of a host, with its own port on the management network.</summary>
internal sealed class SimBmc(VirtualWorld world, SimHost host)
{
    private bool diedWithHost;

    public BmcMode Mode { get; private set; }

    private TimeSpan Delay { get; set; }

    public void Set(BmcMode mode, TimeSpan delay)
    {
        (Mode, Delay) = (mode, delay);
        diedWithHost = false;
    }

    /// <summary>Power of host and BMC came from the same socket.</summary>
    public void DieWithHost()
    {
        Mode = BmcMode.Dead;
        diedWithHost = true;
    }

    public void PowerReturned()
    {
        if (diedWithHost)
            Set(BmcMode.Ok, TimeSpan.Zero);
    }

    public void ReadPower(SimHost by, Action<Observed<PowerState>> reply)
    {
        var answer = new Answer<Observed<PowerState>>(reply);
        world.After(Latency.PowerReadLimit, () => answer.Give(new Observed<PowerState>.Unknown("the BMC did not answer within 5 s")));
        if (!Reachable(by))
            return;
        world.After(Latency.BmcRead(world.Chance), () => Answered(by, Reading(), answer.Give));
    }

    public void SwitchOff(SimHost by, Action<FenceOutcome> reply)
    {
        var answer = new Answer<FenceOutcome>(reply);
        world.After(Latency.PowerOffLimit, () => answer.Give(new FenceOutcome.Unknown("the BMC did not answer within 20 s")));
        if (!Reachable(by))
            return;
        world.After(Latency.BmcOff(world.Chance) + Extra, () =>
        {
            if (!Reachable(by))
                return;
            if (Mode == BmcMode.WrongPassword)
            {
                answer.Give(new FenceOutcome.Refused("the BMC refused user or password"));
                return;
            }

            Execute(by);
            world.After(Latency.BmcRead(world.Chance), () => Answered(by, Reading(), seen => Confirm(seen, answer)));
        });
    }

    /// <summary>A slow BMC says what it saw when it was asked.</summary>
    private void Answered(SimHost by, Observed<PowerState> seen, Action<Observed<PowerState>> then) => world.After(Extra, () =>
    {
        if (Reachable(by))
            then(seen);
    });

    private TimeSpan Extra => Mode == BmcMode.Slow ? Delay : TimeSpan.Zero;

    private bool Reachable(SimHost by) => Mode != BmcMode.Dead && by.KernelUp && world.Network.LinkUp(by.Index, SimNetwork.Mgmt);

    private void Execute(SimHost by)
    {
        switch (Mode)
        {
            case BmcMode.Lying or BmcMode.Ignoring:
                break;
            case BmcMode.Late:
                world.After(Delay, () => Off(by));
                break;
            case BmcMode.Twice:
                Off(by);
                world.After(Delay, () => Off(by));
                break;
            default:
                Off(by);
                break;
        }
    }

    private void Off(SimHost by)
    {
        if (host.PoweredOn)
            world.Checks.Fences.PowerCutByBmc(host, by);
        host.PowerOff();
    }

    private void Confirm(Observed<PowerState> seen, Answer<FenceOutcome> answer)
    {
        if (Mode == BmcMode.Mute)
            return;
        if (seen is Observed<PowerState>.Known { Value: PowerState.Off })
            answer.Give(new FenceOutcome.Confirmed($"the BMC of {host.Id} read as off after the command"));
        else if (Mode == BmcMode.WrongPassword)
            answer.Give(new FenceOutcome.Refused("the BMC refused user or password"));
        else
            answer.Give(new FenceOutcome.Unknown("the BMC accepted the command, but the power still reads as on"));
    }

    private Observed<PowerState> Reading() => Mode switch
    {
        BmcMode.WrongPassword => new Observed<PowerState>.Unknown("the BMC refused user or password"),
        BmcMode.Lying => new Observed<PowerState>.Known(PowerState.Off),
        _ => new Observed<PowerState>.Known(host.PoweredOn ? PowerState.On : PowerState.Off),
    };
}
