namespace Mainstay.Lab.Tests;

/// <summary>The checkout that the tests were built from, and the programs that scripts/build.sh puts there.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string Programs => Path.Combine(Root, "artifacts", "bin");

    /// <summary>
    /// 0 to 99, by where the checkout is: the labs of two checkouts that are tested at the same time have other names and networks.
    /// </summary>
    public static int Slot { get; } = Root.Aggregate(0, (sum, letter) => ((sum * 31) + letter) % 100_003) % 100;

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mainstay.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No checkout: no Mainstay.slnx above {AppContext.BaseDirectory}");
    }
}
