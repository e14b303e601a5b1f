using Mainstay.Core.Model;
using Mainstay.Core.Placement;
using Mainstay.Core.Rules;

namespace Mainstay.Contracts.Stored;

/// <summary>Turns documents back into what placement goes by.</summary>
internal static class PlacementReader
{
    public static RuleBook Rules(RulesDocument document) => new(document.Rules.Select(rule => new PlacementRule(
        rule.Name,
        StoredWords.Rule(rule.Rule) ?? throw new FormatException($"'{rule.Rule}' is no kind of rule"),
        rule.Groups.Select(group => new GroupId(group)).ToValueList())
    {
        By = rule.By,
        Limit = rule.Limit ?? 1,
        Hosts = Labels(rule.Hosts),
        Should = rule.Should,
    }).ToValueList());

    public static HostOffer Offer(OfferDocument o) => new(
        SessionId.TryParse(o.Session, out var session) ? session : throw new FormatException($"'{o.Session}' is no session number"),
        o.Cpus,
        o.Pages.Select(page => new PageOffer(page.SizeKiB, page.TotalMiB, page.UsedMiB)).ToValueList(),
        [.. o.Has],
        o.Lacks.Select(lack => new MissingItem(lack.Item, lack.Why)).ToValueList());

    public static GuestNeeds? Needs(NeedsDocument? needs) => needs is null ? null : new(
        needs.Vcpus, needs.OverheadMiB, needs.Pages.Select(page => new PageNeed(page.SizeKiB, page.MiB)).ToValueList(), [.. needs.Items]);

    public static ValueList<HostLabel> Labels(LabelDocument[]? labels) =>
        (labels ?? []).Select(label => new HostLabel(label.Key, label.Value)).ToValueList();

    public static HostScore Score(ScoreDocument score) => new(new HostId(score.Host), score.Score, score.Rejected)
    {
        Parts = (score.Parts ?? []).Select(part => new ScorePart(part.Name, part.Points)).ToValueList(),
    };
}
