using Mainstay.Core.Facts;
using Mainstay.Core.Groups;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Rules;

/// <summary>
/// Requests about rules and labels. What cannot hold is refused when it is asked for, not found out when a host has died.
/// </summary>
internal sealed class RuleRequests(
    NodeState state, Action<OperationId, string> refuse, Action<OperationId, StoreTransaction, string, Action> write)
{
    private static readonly StoreKey Key = new StoreKey.Rules();

    private RuleBook Book => state.View.RuleBook?.Value ?? RuleBook.Empty;

    public void Handle(OperationId operation, AdminRequest request)
    {
        if (request is AdminRequest.SetRule set)
            Set(operation, set.Rule);
        else if (request is AdminRequest.RemoveRule remove)
            Remove(operation, remove.Name);
        else if (request is AdminRequest.SetLabels labels)
            Label(operation, labels);
    }

    private void Set(OperationId operation, PlacementRule asked)
    {
        var rule = asked with { Limit = asked.Kind == PlacementRuleKind.Spread && asked.Limit == 0 ? Even(asked) : Math.Max(1, asked.Limit) };
        if (RuleTerms.Fault(state.View, rule) is { } fault)
        {
            refuse(operation, fault);
            return;
        }

        var book = Book.With(rule);
        if (book.Rules.Count > RuleBook.MostRules)
        {
            refuse(operation, $"there are {RuleBook.MostRules} rules already; remove one with mainstay rule remove NAME");
            return;
        }

        var clash = RuleClash.Of(book, state.View, rule);
        if (!clash.IsEmpty)
        {
            refuse(operation, Told(rule, clash));
            return;
        }

        var broken = RuleFindings.Broken(state.View, rule);
        Write(operation, new Change.Put(Key, book), $"rule {rule.Name} is set: {rule.Text}"
            + (broken is null ? "" : $"; it does not hold now: {broken}. Nothing is moved for it: mainstay move")
            + Leftover(rule));
    }

    // One rule by itself asks too much; several cannot hold together.
    private static string Told(PlacementRule rule, ValueList<PlacementRule> clash) => clash.Count == 1
        ? $"rule {rule.Name} can never hold, even with room on every host: {rule.Text}. Name other hosts or fewer guests, or say --should"
        : $"rule {rule.Name} cannot hold together with {string.Join(" and ", clash.Where(other => other.Name != rule.Name).Select(o => o.Name))}: "
            + $"{string.Join("; ", clash.Select(other => $"{other.Name}: {other.Text}"))}. Remove one of them (mainstay rule remove NAME), "
            + "or say --should for one";

    private string Leftover(PlacementRule rule)
    {
        if (rule is not { Kind: PlacementRuleKind.Spread, Should: false })
            return "";
        var fewer = Math.Max(0, Places(rule) - 1) * rule.Limit;
        return rule.Groups.Count <= fewer ? ""
            : $"; when one {rule.By ?? "host"} is lost, {rule.Groups.Count - fewer} of them stay down: --limit {rule.Limit + 1} or --should";
    }

    private int Even(PlacementRule rule) => Places(rule) is var places && places > 0 ? (rule.Groups.Count + places - 1) / places : 1;

    private int Places(PlacementRule rule) => state.View.Hosts.Where(host => !host.Value.Value.Witness)
        .Select(host => rule.By is { } kind
            ? host.Value.Value.Labels.FirstOrDefault(label => label.Key == kind) is { Value.Length: > 0 } label ? label.Value : $"\n{host.Key}"
            : host.Key.Name)
        .Distinct().Count();

    private void Remove(OperationId operation, string name)
    {
        if (Book.Find(name) is null)
            refuse(operation, $"there is no rule named {name}; {RuleTerms.Listed("rules", Book.Rules.Select(rule => rule.Name))}");
        else
            Write(operation, new Change.Put(Key, Book.Without(name)), $"rule {name} is removed");
    }

    private void Label(OperationId operation, AdminRequest.SetLabels request)
    {
        var (view, host) = (state.View, request.Host);
        if (!view.Hosts.TryGetValue(host, out var config))
        {
            refuse(operation, $"there is no host named {host}; hosts: {string.Join(", ", view.Hosts.Keys)}");
            return;
        }

        if (RuleTerms.LabelFault(config.Value, request) is { } fault)
        {
            refuse(operation, fault);
            return;
        }

        var keys = request.Labels.Select(label => label.Key).Concat(request.Removed).ToArray();
        var labels = config.Value.Labels.Where(label => !keys.Contains(label.Key)).Concat(request.Labels).Order().ToValueList();
        if (labels.Count > HostLabel.MostOfAHost)
        {
            refuse(operation, $"{host} would have {labels.Count} labels; a host has at most {HostLabel.MostOfAHost}");
            return;
        }

        var key = new StoreKey.Host(host);
        var next = config.Value with { Labels = labels };
        var after = view.With(new StoreEntry(key, next, long.MaxValue));
        var clash = view.Rules.Select(rule => RuleClash.Of(Book, after, rule)).FirstOrDefault(rules => !rules.IsEmpty);
        var what = $"labels of {host}: {(labels.IsEmpty ? "none" : string.Join(", ", labels))}" + (clash.IsEmpty ? ""
            : $"; with them these rules cannot all hold: {string.Join("; ", clash.Select(rule => $"{rule.Name}: {rule.Text}"))}");
        write(operation, new StoreTransaction([state.GuardOf(key)], [new Change.Put(key, next)]), what,
            () => state.Report(new Fact.SettingChanged(what)));
    }

    private void Write(OperationId operation, Change change, string what) =>
        write(operation, new StoreTransaction([state.GuardOf(Key)], [change]), what, () => state.Report(new Fact.SettingChanged(what)));
}
