using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Cli.Config;

/// <summary>Whether the cluster has what a file names, once the labels of the file are set.</summary>
internal static class ConfigNames
{
    private const int MostListed = 20;

    public static IEnumerable<ConfigProblem> Unknown(ClusterView view, WantedConfig wanted, IReadOnlyList<ConfigMention> mentions)
    {
        var labels = view.Hosts.SelectMany(host =>
            wanted.Hosts.FirstOrDefault(said => said.Name == host.Key.Name)?.Labels ?? host.Value.Value.Labels)
            .Distinct().Order().ToArray();
        foreach (var (line, where, noun, name) in mentions)
        {
            var (what, known, mend) = noun switch
            {
                ConfigNoun.Host => ("host named", view.Hosts.Keys.Select(host => host.Name), "hosts"),
                ConfigNoun.Guest => ("protected guest named", view.Groups.Keys.Select(guest => guest.Name), "protected"),
                ConfigNoun.Label => ("host with the label", labels.Select(label => label.ToString()), "labels"),
                ConfigNoun.Domain => ("host in any", labels.Where(label => label.Value.Length > 0).Select(label => label.Key).Distinct(),
                    "kinds of failure domains"),
            };
            var names = known.ToArray();
            if (!names.Contains(name))
            {
                var meant = NearWord.Meant(name, names);
                yield return new ConfigProblem(line, $"{where}: there is no {what} '{name}'{meant}; {mend}: {Listed(names)}");
            }
        }

        foreach (var app in wanted.Apps)
        {
            foreach (var guest in app.Guests)
            {
                if (view.Groups.GetValueOrDefault(new GroupId(guest))?.Value.Order.Application is { } other && other != app.Name
                    && !wanted.AppsComplete && wanted.Apps.All(said => said.Name != other))
                    yield return new ConfigProblem(
                        app.Line, $"apps.{app.Name}: '{guest}' is part of '{other}': list '{other}' here as well, without it");
            }
        }
    }

    private static string Listed(string[] names) => names.Length == 0
        ? "none"
        : string.Join(", ", names.Take(MostListed)) + (names.Length > MostListed ? $" and {names.Length - MostListed} more" : "");
}
