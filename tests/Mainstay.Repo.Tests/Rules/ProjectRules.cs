using System.Xml.Linq;

namespace Mainstay.Repo.Tests.Rules;

/// <summary>Who may know whom, and what may come from outside. The arrows are those of docs/architecture.md.</summary>
internal static class ProjectRules
{
    private static readonly Dictionary<string, string[]> MayReference = new(StringComparer.Ordinal)
    {
        ["Analyzers"] = [],
        ["Core"] = [],
        ["Contracts"] = ["Core"],
        ["Engine"] = ["Core", "Contracts"],
        ["Store.Etcd"] = ["Core", "Contracts", "Engine"],
        ["Hypervisor.Libvirt"] = ["Core", "Contracts", "Engine"],
        ["Fencing"] = ["Core", "Contracts", "Engine"],
        ["Resources"] = ["Core", "Contracts", "Engine"],
        ["Beacon.Link"] = ["Core", "Contracts", "Engine"],
        ["Beacon"] = ["Core", "Contracts"],
        ["Agent"] =
            ["Core", "Contracts", "Engine", "Store.Etcd", "Hypervisor.Libvirt", "Fencing", "Resources", "Beacon.Link"],
        ["Simulator"] = ["Core"],
        ["Lab"] = ["Core", "Contracts"],
        ["Cli"] = ["Core", "Contracts", "Simulator", "Lab"],
    };

    // Nothing but the base class library: the core runs in the simulator, and what is stored or sent is ours to keep stable.
    private static readonly string[] WithoutPackages = ["Core", "Contracts", "Simulator", "Beacon"];

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("dependency direction")
        {
            AppliesTo = file => file.IsProject && file.Path.StartsWith("src/", StringComparison.Ordinal),
            Check = WrongReferences,
            Mend = "See docs/architecture.md: the core knows nobody, adapters never see each other, only the agent composes.",
            Bad =
            [
                Project("Core", "<ProjectReference Include=\"../Mainstay.Contracts/Mainstay.Contracts.csproj\" />"),
                Project("Fencing", "<ProjectReference Include=\"../Mainstay.Store.Etcd/Mainstay.Store.Etcd.csproj\" />"),
                Project("Simulator", "<ProjectReference Include=\"../Mainstay.Engine/Mainstay.Engine.csproj\" />"),
                Project("Novelty", ""),
            ],
            Good = [Project("Engine", "<ProjectReference Include=\"../Mainstay.Core/Mainstay.Core.csproj\" />")],
        },
        new("few packages")
        {
            AppliesTo = file => file.IsProject && WithoutPackages.Contains(ShortName(file)),
            Check = file => Items(file, "PackageReference").Select(item => new Finding(item.Line, $"package {item.Include}")),
            Mend = "This project stands on the base class library alone; an adapter may use packages.",
            Bad = [Project("Core", "<PackageReference Include=\"Polly\" />")],
            Good = [Project("Cli", "<PackageReference Include=\"System.CommandLine\" />"), Project("Core", "")],
        },
        new("every source is compiled")
        {
            AppliesTo = file => file.IsProject,
            Check = file => Items(file, "Compile").Select(item => new Finding(item.Line, $"Compile item '{item.Include}'")),
            Mend = "A project compiles what lies in its folder, all of it and nothing else.",
            Bad = [Project("Core", "<Compile Remove=\"Old/**\" />"), Project("Core", "<Compile Include=\"../X.cs\" />")],
            Good = [Project("Core", "")],
        },
    ];

    private static RepoFile Project(string name, string items) =>
        new($"src/Mainstay.{name}/Mainstay.{name}.csproj", $"<Project>\n<ItemGroup>\n{items}\n</ItemGroup>\n</Project>\n");

    private static string ShortName(RepoFile project) => project.Name.Replace("Mainstay.", "", StringComparison.Ordinal);

    private static IEnumerable<Finding> WrongReferences(RepoFile project)
    {
        if (!MayReference.TryGetValue(ShortName(project), out var allowed))
            return [new Finding(1, $"'{project.Name}' has no place in the dependency direction")];
        return from item in Items(project, "ProjectReference")
               let target = Path.GetFileNameWithoutExtension(item.Include.Replace('\\', '/'))
               where !allowed.Contains(target.Replace("Mainstay.", "", StringComparison.Ordinal))
               select new Finding(item.Line, $"'{project.Name}' references '{target}'");
    }

    private static IEnumerable<(int Line, string Include)> Items(RepoFile project, string kind) =>
        from element in XDocument.Parse(project.Text, LoadOptions.SetLineInfo).Descendants(kind)
        let line = ((System.Xml.IXmlLineInfo)element).LineNumber
        select (line, (string?)element.Attribute("Include") ?? (string?)element.Attribute("Remove") ?? "");
}
