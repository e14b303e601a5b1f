using Mainstay.Contracts.Api;
using Mainstay.Core.Node;

namespace Mainstay.Cli.Config;

/// <summary>Which applications get other guests.</summary>
internal static class AppPlan
{
    /// <summary>The applications there are, by name, each with its guests in order.</summary>
    public static SortedDictionary<string, string[]> Now(ClusterView view)
    {
        var apps = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (group, spec) in view.Groups)
        {
            if (spec.Value.Order.Application is { } app)
                apps[app] = [.. apps.GetValueOrDefault(app) ?? [], group.Name];
        }

        return apps;
    }

    public static IEnumerable<ConfigStep> Of(ClusterView view, WantedConfig wanted)
    {
        var apps = Now(view);
        foreach (var wish in wanted.Apps)
        {
            var now = apps.GetValueOrDefault(wish.Name) ?? [];
            string[] left = [.. now.Where(wish.Guests.Contains)];
            // Who goes to another application has to be out of this one first.
            if (now.Except(left).Any(guest => wanted.Apps.Any(other => other.Guests.Contains(guest))))
            {
                yield return left.Length == 0 ? Remove(wish.Name, now) : Set(ConfigTurn.AppsLeft, wish.Name, now, left);
                now = left;
            }

            if (!now.SequenceEqual(wish.Guests))
                yield return Set(ConfigTurn.Apps, wish.Name, now, wish.Guests);
        }

        if (!wanted.AppsComplete)
            yield break;
        foreach (var (name, guests) in apps.Where(app => wanted.Apps.All(wish => wish.Name != app.Key)))
            yield return Remove(name, guests);
    }

    private static ConfigStep Set(ConfigTurn turn, string name, IReadOnlyList<string> now, IReadOnlyList<string> guests) =>
        ConfigPlan.Step(
            turn, [Change(name, now, guests)], ApiPaths.AppSet, new AppSetRequest { Name = name, Guests = guests },
            ApiJson.Default.AppSetRequest);

    private static ConfigStep Remove(string name, IReadOnlyList<string> now) => ConfigPlan.Step(
        ConfigTurn.AppsLeft, [Change(name, now, [])], ApiPaths.App, new AppRequest { Name = name, Act = "remove" },
        ApiJson.Default.AppRequest);

    private static ConfigChange Change(string name, IReadOnlyList<string> now, IReadOnlyList<string> guests) =>
        new($"app {name}", "", GuestField.Listed(now), GuestField.Listed(guests));
}
