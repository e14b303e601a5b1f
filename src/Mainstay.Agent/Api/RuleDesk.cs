using Mainstay.Contracts.Api;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Groups;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Rules;

namespace Mainstay.Agent.Api;

/// <summary>Takes rules and labels to the node, and shows them.</summary>
internal sealed class RuleDesk(RequestDesk desk)
{
    private const int MostWords = 1_000;

    public Task<RequestReply> Set(RuleSetRequest request, CancellationToken cancel)
    {
        if (request.Guests.Count > MostWords || request.Hosts.Count > MostWords)
            throw new MalformedException($"a rule has at most {MostWords} guests and hosts");
        var kind = StoredWords.Rule(request.Rule)
            ?? throw new MalformedException($"there is no rule '{request.Rule}'; give together, apart, spread, on or not_on");
        var rule = new PlacementRule(
            request.Name,
            kind,
            request.Guests.Distinct().Select(guest => new GroupId(guest)).Order().ToValueList())
        {
            By = request.By,
            Limit = request.Limit ?? (kind == PlacementRuleKind.Spread ? 0 : 1),
            Hosts = request.Hosts.Distinct().Select(Label).Order().ToValueList(),
            Should = request.Should,
        };
        return desk.Ask(new AdminRequest.SetRule(rule), cancel);
    }

    public Task<RequestReply> Remove(RuleRemoveRequest request, CancellationToken cancel) =>
        desk.Ask(new AdminRequest.RemoveRule(request.Name), cancel);

    public Task<RequestReply> Label(LabelRequest request, CancellationToken cancel)
    {
        if (request.Labels.Count > MostWords || request.Remove.Count > MostWords)
            throw new MalformedException($"name at most {HostLabel.MostOfAHost} labels");
        return desk.Ask(
            new AdminRequest.SetLabels(new HostId(request.Host), request.Labels.Select(Label).ToValueList(), [.. request.Remove]), cancel);
    }

    public static IReadOnlyList<RuleStatus> Told(ClusterView view) =>
    [
        .. view.Rules.Select(rule => new RuleStatus
        {
            Name = rule.Name,
            Rule = StoredWords.Of(rule.Kind),
            Guests = [.. rule.Groups.Select(group => group.Name)],
            By = rule.By,
            Limit = rule.Kind == PlacementRuleKind.Spread ? rule.Limit : null,
            Hosts = [.. rule.Hosts.Select(host => host.ToString())],
            Should = rule.Should,
            Text = rule.Text,
            Broken = RuleFindings.Broken(view, rule),
        }),
    ];

    private static HostLabel Label(string text) => text.IndexOf('=', StringComparison.Ordinal) is var split and >= 0
        ? new HostLabel(text[..split], text[(split + 1)..])
        : new HostLabel(text, "");
}
