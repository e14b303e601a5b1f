using System.Diagnostics;

namespace Mainstay.Repo.Tests;

/// <summary>The files of this checkout: what git tracks or would track.</summary>
internal sealed class Repository
{
    private Repository(string root, IReadOnlyList<RepoFile> files) => (Root, Files) = (root, files);

    public static Repository Here { get; } = Open();

    public string Root { get; }

    public IReadOnlyList<RepoFile> Files { get; }

    public bool Contains(string path) => Files.Any(f => f.Path == path || f.Path.StartsWith(path + "/", StringComparison.Ordinal));

    public RepoFile File(string path) => Files.Single(f => f.Path == path);

    private static Repository Open()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !System.IO.File.Exists(Path.Combine(root.FullName, "Mainstay.slnx")))
            root = root.Parent;
        if (root is null)
            throw new InvalidOperationException($"No checkout: no Mainstay.slnx above {AppContext.BaseDirectory}");
        var paths = ListedByGit(root.FullName).Distinct().Order(StringComparer.Ordinal);
        return new Repository(
            root.FullName,
            [.. paths.Where(p => System.IO.File.Exists(Path.Combine(root.FullName, p))).Select(p => RepoFile.Read(root.FullName, p))]);
    }

    private static string[] ListedByGit(string root)
    {
        // A checkout owned by somebody else than the user of the tests is common in containers.
        var start = new ProcessStartInfo("git", ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(start) ?? throw new InvalidOperationException("git did not start");
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0
            ? output.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException($"git ls-files ended with {git.ExitCode} in {root}");
    }
}
