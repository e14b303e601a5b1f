using System.Globalization;
using Mainstay.Cli.Commands;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Model;
using Mainstay.Core.Ordering;

namespace Mainstay.Cli.Config;

/// <summary>A policy of a guest as the file writes it. The same text means the same policy.</summary>
/// <param name="Name">The key in the file, the same as the option of <c>mainstay policy</c>.</param>
/// <param name="Read">The value that a node says; null after a problem.</param>
/// <param name="Now">The value that a guest has.</param>
/// <param name="Put">Asks for a value.</param>
internal sealed record GuestField(
    string Name,
    Func<ConfigReading, ConfigNode, string, string?> Read,
    Func<GroupSpec, string> Now,
    Func<PolicyRequest, string, PolicyRequest> Put)
{
    private const string None = "none";

    public static IReadOnlyList<GuestField> All { get; } =
    [
        new(
            "tier",
            (reading, node, where) => Number(reading.Number(node, where, 0, GroupSpec.LastTier, " (0 is served first)")),
            spec => Number(spec.Tier) ?? "",
            (request, value) => request with { Tier = int.Parse(value, CultureInfo.InvariantCulture) }),
        Words("yields", ["never", "moves", "stops"], spec => StoredWords.Of(spec.Yields), (r, value) => r with { Yields = value }),
        Words(
            "on-guest-shutdown", ["stay-down", "restart"], spec => Dashed(StoredWords.Of(spec.OnGuestShutdown)),
            (request, value) => request with { OnGuestShutdown = value.Replace('-', '_') }),
        Words(
            "on-isolation", ProtectCommand.IsolationPolicies, spec => Dashed(StoredWords.Of(spec.OnIsolation)),
            (request, value) => request with { OnIsolation = value.Replace('-', '_') }),
        Words(
            "storage-proof", ProtectCommand.StorageProofPolicies, spec => StoredWords.Of(spec.StorageProof),
            (request, value) => request with { StorageProof = value }),
        Words(
            "on-repeated-loss", ProtectCommand.RepeatedLossPolicies, spec => StoredWords.Of(spec.OnRepeatedLoss),
            (request, value) => request with { OnRepeatedLoss = value }),
        new(
            "prefer",
            (reading, node, where) => reading.Mentioned(node, where, ConfigNoun.Host, "[n1, n2], the best first") is { } hosts
                ? Listed(hosts) : null,
            spec => Listed(spec.Prefers.Select(host => host.Name)),
            (request, value) => request with { Prefer = value == None ? [] : [.. LabelWords.List(value)] }),
        new("failback", ReadFailback, spec => spec.Failback.ToString(), (request, value) => request with { Failback = value }),
        new(
            "recovery-budget",
            ReadBudget,
            spec => spec.RecoveryBudget is { } budget ? StartDependency.Words(budget) : None,
            (request, value) => request with { RecoveryBudgetMs = (long)(DurationText.Parse(value)?.TotalMilliseconds ?? 0) }),
    ];

    /// <summary>For people and for comparing: with commas, or none.</summary>
    public static string Listed(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } list ? list : None;

    private static GuestField Words(
        string name, string[] words, Func<GroupSpec, string> now, Func<PolicyRequest, string, PolicyRequest> put) =>
        new(name, (reading, node, where) => reading.Word(node, where, words), now, put);

    private static string? ReadFailback(ConfigReading reading, ConfigNode node, string where)
    {
        const string mend = "give never, idle or window=22:00-05:00";
        if (reading.Text(node, where, mend) is not { } text)
            return null;
        if (Failback.Parse(text) is { } failback)
            return failback.ToString();
        reading.Wrong(node.Line, $"{where}: '{text}' is no time to go back: {mend}");
        return null;
    }

    private static string? ReadBudget(ConfigReading reading, ConfigNode node, string where) => node is ConfigNode.Text { Value: None }
        ? None
        : reading.Time(node, where, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1)) is { } time ? StartDependency.Words(time) : null;

    private static string? Number(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string Dashed(string word) => word.Replace('_', '-');
}
