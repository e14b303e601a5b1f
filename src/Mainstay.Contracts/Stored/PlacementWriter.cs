using Mainstay.Core.Model;
using Mainstay.Core.Rules;

namespace Mainstay.Contracts.Stored;

/// <summary>Turns what placement goes by into documents.</summary>
internal static class PlacementWriter
{
    public static RulesDocument Rules(RuleBook book) => new([.. book.Rules.Select(rule => new RuleDocument(
        rule.Name,
        StoredWords.Of(rule.Kind),
        [.. rule.Groups.Select(group => group.Name)],
        rule.By,
        rule.Limit,
        Labels(rule.Hosts),
        rule.Should))]);

    public static OfferDocument Offer(HostOffer o) => new(
        o.Session.ToString(),
        o.Cpus,
        [.. o.Pages.Select(page => new PageOfferDocument(page.SizeKiB, page.TotalMiB, page.UsedMiB))],
        [.. o.Has],
        [.. o.Lacks.Select(lack => new MissingDocument(lack.Item, lack.Why))]);

    public static NeedsDocument? Needs(GuestNeeds? needs) => needs is null ? null : new(
        needs.Vcpus, needs.OverheadMiB, [.. needs.Pages.Select(page => new PageNeedDocument(page.SizeKiB, page.MiB))], [.. needs.Items]);

    public static LabelDocument[] Labels(ValueList<HostLabel> labels) =>
        [.. labels.Select(label => new LabelDocument(label.Key, label.Value))];

    public static ScoreDocument Score(HostScore score) => new(
        score.Host.Name, score.Score, score.Rejected, [.. score.Parts.Select(part => new PartDocument(part.Name, part.Points))]);
}
