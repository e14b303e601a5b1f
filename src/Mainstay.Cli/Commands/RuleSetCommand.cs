using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay rule set</c>: says where guests run, and how they stand to each other.</summary>
internal sealed class RuleSetCommand : CliCommand
{
    private readonly Argument<string> name = new("NAME") { Description = "The rule's name; a rule of this name is replaced." };
    private readonly Option<string> together = Guests("--together", "They run on one host, or in one failure domain with --by.");
    private readonly Option<string> apart = Guests("--apart", "They run each on another host, or in another failure domain with --by.");
    private readonly Option<string> spread = Guests("--spread", "No more of them than --limit run on one host, or in one failure domain.");
    private readonly Option<string> guests = Guests("--guests", "Whom --on or --not-on is about.");
    private readonly Option<string[]> on = Hosts("--on", "They run there only: host=NAME,NAME or a label such as rack=r1 or gpu. Any of them.");
    private readonly Option<string[]> notOn = Hosts("--not-on", "They do not run there.");
    private readonly Option<string> by = new("--by")
    {
        Description = "The kind of failure domain, such as rack; hosts name theirs with mainstay host label.", HelpName = "KIND",
    };

    private readonly Option<int?> limit = new("--limit")
    {
        Description = "For --spread: so many in one place [default: as even as the places allow].", HelpName = "NUMBER",
    };

    private readonly Option<bool> should = new("--should")
    {
        Description = "It should hold and gives way when a guest would stay down otherwise. Without this it must hold.",
    };

    public RuleSetCommand(Terminal terminal)
        : base(
            terminal,
            "set",
            "Set a rule about where guests run. It counts from the next placement on: nothing that runs is moved for it. A rule that "
                + "cannot hold together with others is refused, and says with which.",
            Brief)
    {
        Arguments.Add(name);
        foreach (var option in (Option[])[together, apart, spread, guests, on, notOn, by, limit, should])
            Options.Add(option);
        Validators.Add(result =>
        {
            var kinds = new[] { together, apart, spread, guests }.Count(option => result.GetResult(option) is not null);
            var hosts = new Option[] { on, notOn }.Count(option => result.GetResult(option) is not null);
            if (kinds != 1)
                result.AddError("Which rule? Name one of --together, --apart, --spread, or --guests with --on or --not-on");
            else if ((result.GetResult(guests) is not null) != (hosts == 1) || hosts > 1)
                result.AddError("--guests goes with one of --on and --not-on, and they with it");
            else if (result.GetResult(limit) is not null && result.GetResult(spread) is null)
                result.AddError("--limit goes with --spread");
            else if (result.GetValue(limit) is < 1)
                result.AddError($"--limit {result.GetValue(limit)}: give 1 or more");
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay rule set web --apart web1,web2,web3", "A host that dies takes one web server with it, not two."),
        new("mainstay rule set db --apart db1,db2 --by rack", "Nor does a rack take both databases."),
        new("mainstay rule set shop --together shop,cache --should", "On one host, unless one of them would stay down."),
        new("mainstay rule set workers --spread w1,w2,w3,w4 --by rack --limit 2", "At most two in a rack."),
        new("mainstay rule set cards --guests render --on gpu", "Only on hosts with the label gpu."),
        new("mainstay rule set licence --guests erp --on host=n1,n2", "Only on these hosts."),
        new("mainstay rule set rebuilt --guests db1 --not-on rack=r3 --should", "Rather not there."),
    ];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var (kind, named) = call.Parsed.GetValue(together) is { } a ? ("together", a)
            : call.Parsed.GetValue(apart) is { } b ? ("apart", b)
            : call.Parsed.GetValue(spread) is { } c ? ("spread", c)
            : (call.Parsed.GetResult(on) is not null ? "on" : "not_on", call.Parsed.GetValue(guests) ?? "");
        var hosts = (call.Parsed.GetValue(on) ?? []).Concat(call.Parsed.GetValue(notOn) ?? []);
        var request = new RuleSetRequest
        {
            Name = call.Parsed.GetRequiredValue(name),
            Rule = kind,
            Guests = LabelWords.List(named),
            By = call.Parsed.GetValue(by),
            Limit = call.Parsed.GetValue(limit),
            Hosts = [.. hosts.SelectMany(LabelWords.Hosts)],
            Should = call.Parsed.GetValue(should),
        };
        return call.Request(ApiPaths.RuleSet, request, ApiJson.Default.RuleSetRequest, cancel);
    }

    private static Option<string> Guests(string name, string description) =>
        new(name) { Description = description, HelpName = "GUEST,GUEST" };

    private static Option<string[]> Hosts(string name, string description) =>
        new(name) { Description = description, HelpName = "HOSTS", AllowMultipleArgumentsPerToken = true };
}
