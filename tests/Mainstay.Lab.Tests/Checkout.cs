namespace Mainstay.Lab.Tests;

/// <summary>The checkout that the tests were built from, and the programs that scripts/build.sh puts there.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string Programs => Path.Combine(Root, "artifacts", "bin");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mainstay.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No checkout: no Mainstay.slnx above {AppContext.BaseDirectory}");
    }
}
