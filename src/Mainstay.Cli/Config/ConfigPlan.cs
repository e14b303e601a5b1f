using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Mainstay.Contracts.Api;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Cli.Config;

/// <summary>What has to be asked of the cluster so that it is as a file says, in the order in which it is asked.</summary>
internal sealed class ConfigPlan
{
    private readonly ClusterView view;
    private readonly WantedConfig wanted;
    private readonly List<ConfigStep> steps = [];

    private ConfigPlan(ClusterView view, WantedConfig wanted) => (this.view, this.wanted) = (view, wanted);

    public static IReadOnlyList<ConfigStep> Of(ClusterView view, WantedConfig wanted)
    {
        var plan = new ConfigPlan(view, wanted);
        foreach (var host in wanted.Hosts)
            plan.Host(host);
        plan.Cluster();
        plan.steps.AddRange(RulePlan.Of(view, wanted));
        foreach (var guest in wanted.Guests)
            plan.Policies(guest);
        plan.steps.AddRange(OrderPlan.Of(view, wanted));
        plan.steps.AddRange(AppPlan.Of(view, wanted));
        // A stable sort: within a turn, the order of the file.
        return [.. plan.steps.OrderBy(step => step.Turn)];
    }

    /// <summary>A step that makes one request.</summary>
    public static ConfigStep Step<TBody>(
        ConfigTurn turn, IReadOnlyList<ConfigChange> changes, string path, TBody body, JsonTypeInfo<TBody> type) =>
        new(turn, changes, (call, cancel) => call.Ask(path, body, type, cancel));

    public static string MaintenanceOf(HostConfig host) => !host.Maintenance ? "off" : host.Draining ? "drain" : "on";

    private void Host(WantedHost wish)
    {
        var (subject, now) = ($"host {wish.Name}", view.Hosts[new HostId(wish.Name)].Value);
        if (wish.Labels is { } labels && labels != now.Labels)
        {
            var request = new LabelRequest
            {
                Host = wish.Name,
                Labels = [.. labels.Where(label => !now.Labels.Contains(label)).Select(label => label.ToString())],
                Remove = [.. now.Labels.Select(label => label.Key).Where(key => labels.All(label => label.Key != key))],
            };
            ConfigChange[] change = [new(subject, "labels", Text(now.Labels), Text(labels))];
            steps.Add(Step(ConfigTurn.Labels, change, ApiPaths.HostLabel, request, ApiJson.Default.LabelRequest));
        }

        // A host that is being emptied is in maintenance, so "on" is content with it; only "drain" asks for the emptying.
        var state = MaintenanceOf(now);
        if (wish.Maintenance is { } maintenance && maintenance != state && !(maintenance == "on" && state == "drain"))
        {
            var request = new MaintenanceRequest { Host = wish.Name, On = maintenance != "off", Drain = maintenance == "drain" };
            steps.Add(Step(
                request.On ? ConfigTurn.MaintenanceOn : ConfigTurn.MaintenanceOff, [new(subject, "maintenance", state, maintenance)],
                ApiPaths.Maintenance, request, ApiJson.Default.MaintenanceRequest));
        }
    }

    private void Cluster()
    {
        if (view.Settings?.Value is not { } now)
            return;
        const string subject = "cluster";
        if (wanted.Profile is { } profile && profile != StoredWords.Of(now.Profile))
            steps.Add(Step(
                ConfigTurn.Cluster, [new(subject, "profile", StoredWords.Of(now.Profile), profile)], ApiPaths.Profile,
                new ProfileRequest { Profile = profile }, ApiJson.Default.ProfileRequest));
        if (wanted.Overcommit is { } overcommit && overcommit != now.VcpusPerCpu)
            steps.Add(Step(
                ConfigTurn.Cluster, [new(subject, "overcommit", Number(now.VcpusPerCpu), Number(overcommit))], ApiPaths.Overcommit,
                new OvercommitRequest { VcpusPerCpu = overcommit }, ApiJson.Default.OvercommitRequest));
        var changes = new List<ConfigChange>();
        if (wanted.Losses is { } losses && losses != now.Capacity.HostLosses)
            changes.Add(new(subject, "capacity losses", Number(now.Capacity.HostLosses), Number(losses)));
        if (wanted.Domains is { } domains && !domains.SequenceEqual(now.Capacity.Domains.Order(StringComparer.Ordinal)))
            changes.Add(new(subject, "capacity domains", GuestField.Listed(now.Capacity.Domains), GuestField.Listed(domains)));
        if (changes.Count > 0)
            steps.Add(Step(
                ConfigTurn.Cluster, changes, ApiPaths.Capacity,
                new CapacityRequest { HostLosses = wanted.Losses, Domains = wanted.Domains }, ApiJson.Default.CapacityRequest));
    }

    private void Policies(WantedGuest wish)
    {
        var now = view.Groups[new GroupId(wish.Name)].Value;
        var request = new PolicyRequest { Guest = wish.Name };
        var changes = new List<ConfigChange>();
        foreach (var (field, value) in wish.Policies.Where(policy => policy.Key.Now(now) != policy.Value))
        {
            changes.Add(new($"guest {wish.Name}", field.Name, field.Now(now), value));
            request = field.Put(request, value);
        }

        if (changes.Count > 0)
            steps.Add(Step(ConfigTurn.Policies, changes, ApiPaths.Policy, request, ApiJson.Default.PolicyRequest));
    }

    private static string Text(ValueList<HostLabel> labels) => GuestField.Listed(labels.Select(label => label.ToString()));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
