using System.Xml.Linq;
using Mainstay.Repo.Tests.Rules;
using Xunit;

namespace Mainstay.Repo.Tests;

/// <summary>What must hold for the checkout as a whole. Each check takes the files, so that it can be shown to fail.</summary>
public sealed class LayoutTests
{
    [Fact]
    public void Every_project_is_in_the_solution()
    {
        AssertNone(NotInSolution(Repository.Here.Files));
        Assert.NotEmpty(NotInSolution([new("Mainstay.slnx", "<Solution />"), new("src/A/A.csproj", "<Project />")]));
    }

    [Fact]
    public void Every_project_has_its_lock_file()
    {
        AssertNone(WithoutLockFile(Repository.Here.Files));
        Assert.NotEmpty(WithoutLockFile([new("src/A/A.csproj", "<Project />")]));
    }

    [Fact]
    public void Every_source_belongs_to_a_project()
    {
        AssertNone(Stray(Repository.Here.Files));
        Assert.NotEmpty(Stray([new("src/A/A.csproj", "<Project />"), new("src/Old/B.cs", "")]));
        Assert.Empty(Stray([new("src/A/A.csproj", "<Project />"), new("src/A/Deep/B.cs", "")]));
    }

    [Fact]
    public void Every_page_is_reached_from_the_readme()
    {
        AssertNone(Unreached(Repository.Here.Files));
        Assert.NotEmpty(Unreached([new("README.md", ""), new("docs/lonely.md", "")]));
    }

    [Fact]
    public void Every_package_version_stands_in_one_place()
    {
        AssertNone(OwnVersions(Repository.Here.Files));
        Assert.NotEmpty(OwnVersions([new("src/A/A.csproj", "<Project><PackageReference Include=\"B\" Version=\"1\" /></Project>")]));
    }

    [Fact]
    public void Every_script_can_be_executed()
    {
        var blunt = Repository.Here.Files
            .Where(file => file.Text.StartsWith("#!", StringComparison.Ordinal))
            // What a program carries inside it is made executable where it is put.
            .Where(file => !file.Path.Contains("/Resources/", StringComparison.Ordinal))
            .Where(file => !File.GetUnixFileMode(Path.Combine(Repository.Here.Root, file.Path)).HasFlag(UnixFileMode.UserExecute))
            .Select(file => $"{file.Path}: begins with #! but is not executable. chmod +x it.");
        AssertNone(blunt);
    }

    private static void AssertNone(IEnumerable<string> findings)
    {
        var list = findings.ToList();
        Assert.True(list.Count == 0, string.Join('\n', list));
    }

    private static IEnumerable<string> NotInSolution(IReadOnlyList<RepoFile> files)
    {
        var listed = XDocument.Parse(files.Single(f => f.Path == "Mainstay.slnx").Text)
            .Descendants("Project").Select(p => (string?)p.Attribute("Path")).ToHashSet();
        return files.Where(f => f.IsProject && !listed.Contains(f.Path)).Select(f => $"{f.Path}: not in Mainstay.slnx. Add it.");
    }

    private static IEnumerable<string> WithoutLockFile(IReadOnlyList<RepoFile> files) =>
        from project in files
        where project.IsProject && !files.Any(f => f.Path == project.Folder + "/packages.lock.json")
        select $"{project.Path}: no packages.lock.json beside it. Restore once and commit it.";

    private static IEnumerable<string> Stray(IReadOnlyList<RepoFile> files)
    {
        var folders = files.Where(f => f.IsProject).Select(f => f.Folder + "/").ToList();
        return from file in files
               where file.IsCode && folders.Count(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)) != 1
               select $"{file.Path}: compiled by no project, or by two. Move or delete it.";
    }

    private static IEnumerable<string> Unreached(IReadOnlyList<RepoFile> files)
    {
        var pages = files.Where(f => f.IsPage).ToDictionary(f => f.Path);
        var reached = new HashSet<string> { "README.md" };
        var next = new Queue<string>(reached);
        while (next.TryDequeue(out var path))
        {
            if (!pages.TryGetValue(path, out var page))
                continue;
            foreach (var target in PageRules.Targets(page).SelectMany(target => AsPages(target, pages)))
            {
                if (reached.Add(target))
                    next.Enqueue(target);
            }
        }

        return pages.Keys.Where(path => !reached.Contains(path)).Select(path => $"{path}: no page leads here. Link it, or delete it.");
    }

    /// <summary>A link to a folder shows its README and the list of its files.</summary>
    private static IEnumerable<string> AsPages(string target, Dictionary<string, RepoFile> pages) =>
        pages.ContainsKey(target) ? [target] : pages.Keys.Where(path => Path.GetDirectoryName(path) == target);

    private static IEnumerable<string> OwnVersions(IReadOnlyList<RepoFile> files) =>
        from project in files
        where project.IsProject
        from package in XDocument.Parse(project.Text).Descendants("PackageReference")
        where package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null
        select $"{project.Path}: package {(string?)package.Attribute("Include")} with a version. Put it into Directory.Packages.props.";
}
