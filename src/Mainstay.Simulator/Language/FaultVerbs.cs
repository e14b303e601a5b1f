using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Language;

/// <summary>What can happen to hosts, processes, networks, BMCs and storage.</summary>
internal static class FaultVerbs
{
    private static readonly List<int> All = [SimNetwork.Mgmt, SimNetwork.Stor];

    public static readonly Verb[] Hosts =
    [
        new("power off HOST", "The host loses its power; its BMC lives.", (run, w) => run.Host(w.Hosts[0]).PowerOff()),
        new("power off HOST and its bmc", "Host and BMC lose their power together; both come back with it.", (run, w) =>
        {
            run.Host(w.Hosts[0]).Bmc.DieWithHost();
            run.Host(w.Hosts[0]).PowerOff();
        }),
        new("power on HOST", "It boots (option boot) and its programs start.", (run, w) => PowerOn(run, run.Host(w.Hosts[0]))),
        new("reboot HOST", "It is reset: power off and on at once.", (run, w) =>
        {
            run.Host(w.Hosts[0]).PowerOff();
            PowerOn(run, run.Host(w.Hosts[0]));
        }),
        new("hang HOST", "Its kernel schedules nothing and answers nothing, but the guests' virtual CPUs go on.", (run, w) =>
            run.Host(w.Hosts[0]).Hang()),
        new("hang HOST for TIME", "The same for a while.", (run, w) =>
        {
            var host = run.Host(w.Hosts[0]);
            var boot = host.Boot;
            host.Hang();
            run.World.After(w.Times[0], () =>
            {
                if (host.Boot == boot)
                    host.Unhang();
            });
        }),
        new("panic HOST for TIME", "Its kernel panics; its crash kernel says so while it writes a dump for this time, then it boots.",
            (run, w) => run.Host(w.Hosts[0]).Panic(w.Times[0])),
        new("resume HOST", "A hang is over.", (run, w) => run.Host(w.Hosts[0]).Unhang()),
        new("suspend HOST for TIME", "Suspend to memory: nothing executes there, and its watchdog stands still.", (run, w) =>
            run.Host(w.Hosts[0]).Suspend(w.Times[0])),
        new("pause HOST for TIME", "It is a virtual machine and is paused: as suspended, and its clocks stand still as well.", (run, w) =>
            run.Host(w.Hosts[0]).Pause(w.Times[0])),
        new("clone HOST as NEWNAME", "Another machine with a copy of its disk and with its addresses boots (option boot); twice at most.",
            (run, w) => run.Clone(w.Hosts[0], w.Texts[0], sharesAddresses: true)),
        new("clone HOST elsewhere as NEWNAME", "The same at another address: nothing that is sent to the host reaches it.", (run, w) =>
            run.Clone(w.Hosts[0], w.Texts[0], sharesAddresses: false)),
        new("kill PROCESS HOST", "SIGKILL; its supervisor starts it again.", (run, w) => Process(run, w).Kill(null)),
        new("kill PROCESS HOST for TIME", "SIGKILL; it is started again only after this time.", (run, w) =>
            Process(run, w).Kill(w.Times[0])),
        new("stop PROCESS HOST", "SIGSTOP.", (run, w) => Process(run, w).Stop()),
        new("stop PROCESS HOST for TIME", "SIGSTOP, and SIGCONT after this time.", (run, w) =>
        {
            var process = Process(run, w);
            process.Stop();
            run.World.After(w.Times[0], process.Resume);
        }),
        new("stall beacon HOST for TIME before feeding", "It stalls between deciding to feed the watchdog and doing it.", (run, w) =>
            run.Host(w.Hosts[0]).Beacon.StallNextFeeding(w.Times[0])),
        new("resume PROCESS HOST", "SIGCONT.", (run, w) => Process(run, w).Resume()),
    ];

    public static readonly Verb[] Clocks =
    [
        new("clock HOST drift PPM", "Its quartz runs so much faster than it should; slower when negative.", (run, w) =>
            run.Host(w.Hosts[0]).Clocks.Drift(w.Numbers[0])),
        new("clock HOST slew PPM", "Its time service makes the monotonic clock so much faster; the raw one stays as it is.", (run, w) =>
            run.Host(w.Hosts[0]).Clocks.Slew(w.Numbers[0])),
        new("clock HOST jumps TIME", "Its wall clock is set forward. Nothing reads it.", static (_, _) => { }),
        new("clock HOST jumps back TIME", "The same, backward.", static (_, _) => { }),
    ];

    public static readonly Verb[] Intruders =
    [
        new("replay beacons of HOST for TIME", "Somebody sends its last beacons, of this session and the one before, to all.", (run, w) =>
            run.World.Intruder.Replay(run.Host(w.Hosts[0]), w.Times[0])),
        new("forge beacons of HOST to HOST for TIME", "Somebody without the cluster's key sends beacons in its name.", (run, w) =>
            run.World.Intruder.Forge(run.Host(w.Hosts[0]), run.Host(w.Hosts[1]), w.Times[0])),
    ];

    public static readonly Verb[] Networks =
    [
        new("cut HOST", "Its links to all networks are down.", (run, w) => Links(run, w, up: false)),
        new("cut HOST NET", "Its link to one network is down, to its peers and to the BMCs.", (run, w) => Link(run, w, up: false)),
        new("cut HOST from HOST", "The two hear each other on no network.", (run, w) => Pair(run, w, All, bothWays: true)),
        new("cut HOST from HOST on NET", "The two do not hear each other on one network.", (run, w) =>
            Pair(run, w, w.Networks, bothWays: true)),
        new("cut HOST -> HOST", "One way: the second does not hear the first.", (run, w) => Pair(run, w, All, bothWays: false)),
        new("cut HOST -> HOST on NET", "One way on one network.", (run, w) => Pair(run, w, w.Networks, bothWays: false)),
        new("partition LIST / LIST", "The first group and the second hear each other on no network.", (run, w) => Split(run, w, All)),
        new("partition LIST / LIST on NET", "The two groups do not hear each other on one network.", (run, w) => Split(run, w, w.Networks)),
        new("loss PERCENT on NET", "This share of the packets between any two hosts is lost.", (run, w) =>
            run.World.ChangeNetwork(net => net.SetLoss(w.Networks[0], w.Numbers[0]))),
        new("loss PERCENT on NET at HOST", "The same to and from one host.", (run, w) =>
            run.World.ChangeNetwork(net => net.SetLossOf(run.Host(w.Hosts[0]).Index, w.Networks[0], w.Numbers[0]))),
        new("delay TIME on NET", "Packets between any two hosts take this long.", (run, w) =>
            run.World.ChangeNetwork(net => net.SetDelay(w.Networks[0], w.Times[0]))),
        new("delay TIME on NET at HOST", "The same to and from one host.", (run, w) =>
            run.World.ChangeNetwork(net => net.SetDelayOf(run.Host(w.Hosts[0]).Index, w.Networks[0], w.Times[0]))),
        new("heal HOST", "All its links and paths are in order.", (run, w) =>
            run.World.ChangeNetwork(net => net.HealHost(run.Host(w.Hosts[0]).Index))),
        new("heal HOST NET", "Its links and paths on one network are in order.", (run, w) =>
            run.World.ChangeNetwork(net => net.HealHost(run.Host(w.Hosts[0]).Index, w.Networks[0]))),
        new("heal HOST from HOST", "The two hear each other.", (run, w) =>
            run.World.ChangeNetwork(net => net.HealPair(run.Host(w.Hosts[0]).Index, run.Host(w.Hosts[1]).Index))),
        new("heal NET", "One network is in order.", (run, w) => run.World.ChangeNetwork(net => net.HealNetwork(w.Networks[0]))),
        new("heal network", "All networks are in order.", (run, w) => Healing.Network(run.World)),
        new("heal everything", "Networks, processes, BMCs, store, storage and guests are in order and every host has power.", (run, w) =>
            Healing.Everything(run.World)),
    ];

    public static readonly Verb[] Bmcs =
    [
        new("bmc HOST ok", "It works.", (run, w) => Bmc(run, w, BmcMode.Ok)),
        new("bmc HOST dead", "It does not answer.", (run, w) => Bmc(run, w, BmcMode.Dead)),
        new("bmc HOST slow TIME", "Every answer takes this much longer.", (run, w) => Bmc(run, w, BmcMode.Slow)),
        new("bmc HOST lying", "It says off, whatever the truth, and does nothing. Breaks the assumptions.", (run, w) =>
            Bmc(run, w, BmcMode.Lying)),
        new("bmc HOST ignoring", "It accepts the command and does nothing; its readings are true.", (run, w) =>
            Bmc(run, w, BmcMode.Ignoring)),
        new("bmc HOST late TIME", "It accepts the command and executes it so much later, whatever runs by then.", (run, w) =>
            Bmc(run, w, BmcMode.Late)),
        new("bmc HOST twice TIME", "It executes the command, and once more so much later.", (run, w) => Bmc(run, w, BmcMode.Twice)),
        new("bmc HOST mute", "It executes the command; its answer to it is lost.", (run, w) => Bmc(run, w, BmcMode.Mute)),
        new("bmc HOST wired to HOST", "Somebody mixed up the cables: it reads and switches the power of the other host.", (run, w) =>
            run.Host(w.Hosts[0]).Bmc.Wire(run.Host(w.Hosts[1]))),
        new("bmc HOST wrong-password", "It refuses to log us in.", (run, w) => Bmc(run, w, BmcMode.WrongPassword)),
    ];

    private static void PowerOn(ScenarioRun run, SimHost host) => host.PowerOn(run.World.Start.BootTime);

    private static SimProcess Process(ScenarioRun run, Words w) => run.Host(w.Hosts[0]).Process(w.Processes[0]);

    private static void Bmc(ScenarioRun run, Words w, BmcMode mode) =>
        run.Host(w.Hosts[0]).Bmc.Set(mode, w.Times.Count > 0 ? w.Times[0] : TimeSpan.Zero);

    private static void Links(ScenarioRun run, Words w, bool up) => run.World.ChangeNetwork(net =>
    {
        foreach (var network in All)
            net.SetLink(run.Host(w.Hosts[0]).Index, network, up);
    });

    private static void Link(ScenarioRun run, Words w, bool up) =>
        run.World.ChangeNetwork(net => net.SetLink(run.Host(w.Hosts[0]).Index, w.Networks[0], up));

    private static void Pair(ScenarioRun run, Words w, List<int> networks, bool bothWays) => run.World.ChangeNetwork(net =>
    {
        var (a, b) = (run.Host(w.Hosts[0]).Index, run.Host(w.Hosts[1]).Index);
        foreach (var network in networks)
        {
            net.SetCut(a, b, network, true);
            if (bothWays)
                net.SetCut(b, a, network, true);
        }
    });

    private static void Split(ScenarioRun run, Words w, List<int> networks) => run.World.ChangeNetwork(net =>
    {
        foreach (var a in w.HostLists[0].Select(run.Host))
        {
            foreach (var b in w.HostLists[1].Select(run.Host))
            {
                foreach (var network in networks)
                {
                    net.SetCut(a.Index, b.Index, network, true);
                    net.SetCut(b.Index, a.Index, network, true);
                }
            }
        }
    });
}
