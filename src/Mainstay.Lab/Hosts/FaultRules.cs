using System.Text;

namespace Mainstay.Lab.Hosts;

/// <summary>
/// Writes the nftables table that loses frames on the runner's bridges: no host can see or undo it, each direction is lost by itself.
/// </summary>
internal static class FaultRules
{
    public static string Render(LabLayout layout, IReadOnlyCollection<LinkCut> cuts, IReadOnlyCollection<string> muteHosts)
    {
        var all = cuts.Concat(muteHosts.SelectMany(Mute)).ToArray();
        var text = new StringBuilder();
        text.Append($"table bridge {layout.FaultTable}\ndelete table bridge {layout.FaultTable}\ntable bridge {layout.FaultTable} {{\n");
        Chain(text, "between_hosts", "forward", all.SelectMany(cut => BetweenHosts(layout, cut)));
        Chain(text, "to_runner", "input",
            all.Where(cut => cut.Direction != CutDirection.In).SelectMany(cut => Runner(layout, cut, "iifname")));
        Chain(text, "from_runner", "output",
            all.Where(cut => cut.Direction != CutDirection.Out).SelectMany(cut => Runner(layout, cut, "oifname")));
        return text.Append("}\n").ToString();
    }

    private static IEnumerable<LinkCut> Mute(string host) =>
    [
        new LinkCut(host, LabNet.Management, CutDirection.Both),
        new LinkCut(host, LabNet.Storage, CutDirection.Both),
    ];

    private static void Chain(StringBuilder text, string name, string hook, IEnumerable<string> rules)
    {
        text.Append($"  chain {name} {{\n    type filter hook {hook} priority 0; policy accept;\n");
        foreach (var rule in rules)
            text.Append("    ").Append(rule).Append('\n');
        text.Append("  }\n");
    }

    private static IEnumerable<string> BetweenHosts(LabLayout layout, LinkCut cut)
    {
        if (cut.Peer == LinkCut.Runner)
            yield break;
        var own = layout.Host(cut.Host).Link(cut.Net);
        var peer = cut.Peer is null ? null : layout.Host(cut.Peer).Link(cut.Net);
        if (cut.Direction != CutDirection.In)
            yield return $"iifname \"{own}\"{Named(" oifname", peer)}{Loss(cut)} counter drop";
        if (cut.Direction != CutDirection.Out)
            yield return $"oifname \"{own}\"{Named(" iifname", peer)}{Loss(cut)} counter drop";
    }

    private static IEnumerable<string> Runner(LabLayout layout, LinkCut cut, string side)
    {
        if (cut.Peer is null or LinkCut.Runner)
            yield return $"{side} \"{layout.Host(cut.Host).Link(cut.Net)}\"{Loss(cut)} counter drop";
    }

    private static string Named(string keyword, string? link) => link is null ? "" : $"{keyword} \"{link}\"";

    private static string Loss(LinkCut cut) => cut.LossPercent >= 100 ? "" : $" numgen random mod 100 < {cut.LossPercent}";
}
