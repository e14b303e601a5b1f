using System.CommandLine;

namespace Mainstay.Lab;

/// <summary>The commands that break a lab's hosts and mend them.</summary>
internal static class LabFaultCommands
{
    public static IEnumerable<Command> Build(Option<string> name)
    {
        yield return Kill(name);
        yield return Simple(name, "revive", "Switch a host on and wait for its libvirt.", (lab, host, cancel) => lab.Revive(host, cancel));
        yield return Simple(name, "hang", "Stop everything on a host at once; it keeps its power and answers nothing.",
            (lab, host, cancel) => lab.Hang(host, cancel));
        yield return Cut(name);
        yield return Heal(name);
        yield return Pause(name);
        yield return Resume(name);
        yield return KillProcess(name);
        yield return Bmc(name);
    }

    private static Command Simple(Option<string> name, string verb, string description,
        Func<LabCluster, string, CancellationToken, Task> act)
    {
        var host = new Argument<string>("host");
        var command = new Command(verb, description) { host };
        Act(command, name, (parsed, lab, cancel) => act(lab, parsed.GetRequiredValue(host), cancel));
        return command;
    }

    private static Command Kill(Option<string> name)
    {
        var host = new Argument<string>("host");
        var withBmc = new Option<bool>("--with-bmc")
            { Description = "Its BMC loses its power too, so that nobody can prove its death by it." };
        var command = new Command("kill", "Take a host's power away.") { host, withBmc };
        Act(command, name, (parsed, lab, cancel) => lab.Kill(parsed.GetRequiredValue(host), parsed.GetValue(withBmc), cancel));
        return command;
    }

    private static Command Cut(Option<string> name)
    {
        var host = new Argument<string>("host");
        var net = new Option<string>("--net") { Description = "Which network.", DefaultValueFactory = _ => "all" };
        net.AcceptOnlyFromAmong("mgmt", "stor", "all");
        var direction = new Option<CutDirection>("--direction")
            { Description = "Which frames are lost: those to it (In), from it (Out), or both." };
        var peer = new Option<string?>("--peer") { Description = "Only between it and this host ('runner': the machine with the BMCs)." };
        var loss = new Option<int>("--loss") { Description = "Per cent of the frames.", DefaultValueFactory = _ => 100 };
        var command = new Command("cut", "Lose a host's frames silently.") { host, net, direction, peer, loss };
        Act(command, name, async (parsed, lab, cancel) =>
        {
            var nets = parsed.GetRequiredValue(net) switch
            {
                "mgmt" => [LabNet.Management],
                "stor" => [LabNet.Storage],
                _ => new[] { LabNet.Management, LabNet.Storage },
            };
            await lab.Cut([.. nets.Select(one => new LinkCut(parsed.GetRequiredValue(host), one, parsed.GetValue(direction),
                parsed.GetValue(peer), parsed.GetRequiredValue(loss)))], cancel).ConfigureAwait(false);
        });
        return command;
    }

    private static Command Heal(Option<string> name)
    {
        var host = new Argument<string?>("host") { Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("heal", "End the cuts of a host, or of all.") { host };
        Act(command, name, (parsed, lab, cancel) => lab.Heal(parsed.GetValue(host), cancel));
        return command;
    }

    private static Command Pause(Option<string> name)
    {
        var host = new Argument<string>("host");
        var program = new Argument<LabProcess>("program");
        var command = new Command("pause",
            "Stop one program on a host with SIGSTOP, for example: mainstay lab pause n1 Agent") { host, program };
        Act(command, name, (parsed, lab, cancel) => lab.Pause(parsed.GetRequiredValue(host), parsed.GetRequiredValue(program), cancel));
        return command;
    }

    private static Command Resume(Option<string> name)
    {
        var host = new Argument<string>("host");
        var program = new Argument<LabProcess?>("program") { Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("resume", "Let a hung host, or a paused program on it, go on where it was.") { host, program };
        Act(command, name, (parsed, lab, cancel) => parsed.GetValue(program) is { } one
            ? lab.Resume(parsed.GetRequiredValue(host), one, cancel)
            : lab.Resume(parsed.GetRequiredValue(host), cancel));
        return command;
    }

    private static Command KillProcess(Option<string> name)
    {
        var host = new Argument<string>("host");
        var program = new Argument<LabProcess>("program");
        var command = new Command("kill-process", "Kill one program on a host; the host starts it again.") { host, program };
        Act(command, name, (parsed, lab, cancel) => lab.KillProcess(parsed.GetRequiredValue(host),
            parsed.GetRequiredValue(program), cancel));
        return command;
    }

    private static Command Bmc(Option<string> name)
    {
        var host = new Argument<string>("host");
        var mode = new Argument<BmcMode>("mode");
        var delay = new Option<double>("--delay") { Description = "Seconds by which a slow one is late.", DefaultValueFactory = _ => 5 };
        var command = new Command("bmc",
            "Set how a host's power devices behave, for example: mainstay lab bmc n1 Dead") { host, mode, delay };
        Act(command, name, (parsed, lab, cancel) => lab.SetBmc(
            parsed.GetRequiredValue(host), parsed.GetRequiredValue(mode), TimeSpan.FromSeconds(parsed.GetRequiredValue(delay)), cancel));
        return command;
    }

    private static void Act(Command command, Option<string> name, Func<ParseResult, LabCluster, CancellationToken, Task> act) =>
        command.SetAction((parsed, cancel) => LabCommands.With(parsed, name, async lab =>
        {
            await act(parsed, lab, cancel).ConfigureAwait(false);
            return 0;
        }, cancel));
}
