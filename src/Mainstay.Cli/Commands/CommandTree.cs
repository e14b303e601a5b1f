using System.CommandLine;
using System.CommandLine.Help;
using Mainstay.Cli.Shell;
using Mainstay.Lab;

namespace Mainstay.Cli.Commands;

/// <summary>All commands of the program, in the order in which a newcomer meets them.</summary>
internal static class CommandTree
{
    public static RootCommand Build(Terminal terminal)
    {
        var root = new RootCommand(
            "High availability for libvirt guests: a host dies, its guests run on the survivors, once each, in seconds.");
        foreach (var command in Commands(terminal))
            root.Subcommands.Add(command);
        foreach (var plain in root.Options.OfType<HelpOption>().ToList())
            root.Options.Remove(plain);
        root.Options.Add(new HelpOption("--help", ["-h"]) { Action = new HelpAction(), Description = "Show this help." });
        return root;
    }

    private static IEnumerable<Command> Commands(Terminal terminal) =>
    [
        new InitCommand(terminal),
        new JoinCommand(terminal),
        new TokenCommand(terminal),
        new ProtectCommand(terminal),
        new ReleaseCommand(terminal),
        new PolicyCommand(terminal),
        Host(terminal),
        Rule(terminal),
        Fence(terminal),
        Storage(terminal),
        Watchdog(terminal),
        new ConfirmDeadCommand(terminal),
        new StatusCommand(terminal),
        new EventsCommand(terminal),
        new ExplainCommand(terminal),
        new CheckCommand(terminal),
        new StartCommand(terminal),
        new StopCommand(terminal),
        new MoveCommand(terminal),
        new BalanceCommand(terminal),
        new OrderCommand(terminal),
        App(terminal),
        new DisarmCommand(terminal),
        new ArmCommand(terminal),
        new MaintenanceCommand(terminal),
        new QuarantineCommand(terminal),
        new LeaveCommand(terminal),
        new RemoveCommand(terminal),
        new ProfileCommand(terminal),
        new CapacityCommand(terminal),
        new PlanCommand(terminal),
        new ApplyCommand(terminal),
        new WhatIfCommand(terminal),
        new SnapshotCommand(terminal),
        new OvercommitCommand(terminal),
        Simulate(terminal),
        LabCommands.BuildLabCommand(),
        new VersionCommand(terminal),
        new CompletionCommand(terminal),
        new ReferenceCommand(terminal),
    ];

    private static CommandGroup Simulate(Terminal terminal) => new(
        "simulate",
        "The production core in virtual time: scenarios, and random clusters under random faults.",
        [new("mainstay simulate fuzz --seeds 100", "A hundred random clusters.")],
        new SimulateRunCommand(terminal),
        new SimulateFuzzCommand(terminal),
        new SimulateSoakCommand(terminal),
        new SimulateBenchCommand(terminal),
        new SimulatePlacementCommand(terminal));

    private static CommandGroup Host(Terminal terminal) => new(
        "host",
        "What hosts have, and which failure domains they are in.",
        [new("mainstay host label n1 rack=r1", "n1 is in rack r1.")],
        new HostLabelCommand(terminal),
        new HostListCommand(terminal));

    private static CommandGroup Rule(Terminal terminal) => new(
        "rule",
        "Where guests run, and how they stand to each other.",
        [new("mainstay rule set web --apart web1,web2", "A host that dies takes one web server with it, not two.")],
        new RuleSetCommand(terminal),
        new RuleListCommand(terminal),
        new RuleRemoveCommand(terminal));

    private static CommandGroup Fence(Terminal terminal) => new(
        "fence",
        "How a dead host is proved dead: methods that read and switch its power.",
        [new("mainstay fence test n1", "Could the death of n1 be proved?")],
        new FenceSetCommand(terminal),
        new FenceTestCommand(terminal),
        new FenceListCommand(terminal),
        new FenceRemoveCommand(terminal));

    private static CommandGroup Watchdog(Terminal terminal) => new(
        "watchdog",
        "What ends a host that hangs or is cut off, so that its guests may run elsewhere without a power controller.",
        [new("mainstay watchdog status", "Which hosts have one, and how long it takes.")],
        new WatchdogStatusCommand(terminal),
        new WatchdogMeasureCommand(terminal));

    private static CommandGroup App(Terminal terminal) => new(
        "app",
        "Applications: several guests that are started, stopped and moved together, in the order that mainstay order gives them.",
        [new("mainstay app set shop db web", "db and web are the shop.")],
        new AppSetCommand(terminal),
        new AppListCommand(terminal),
        new AppStatusCommand(terminal),
        new AppActCommand(
            terminal, "start", "Start all guests of an application, in order.", [new("mainstay app start shop", "Start the shop.")]),
        new AppActCommand(
            terminal, "stop", "Shut all guests of an application down and keep them stopped: those that wait for others first.",
            [new("mainstay app stop shop", "Stop the shop, its database last.")]),
        new AppMoveCommand(terminal),
        new AppActCommand(
            terminal, "remove", "Let the guests of an application stand alone again. Nothing is stopped.",
            [new("mainstay app remove shop", "There is no shop any more; its guests run on.")]));

    private static CommandGroup Storage(Terminal terminal) => new(
        "storage",
        "Storages that single hosts can be cut off from, so that their guests may run elsewhere.",
        [new("mainstay storage test san", "Does san know every host?")],
        new StorageSetCommand(terminal),
        new StorageTestCommand(terminal),
        new StorageListCommand(terminal),
        new StorageRemoveCommand(terminal));
}
