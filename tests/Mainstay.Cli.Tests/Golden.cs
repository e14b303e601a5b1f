using System.Runtime.CompilerServices;
using Xunit;

namespace Mainstay.Cli.Tests;

/// <summary>Pages as plain text files beside the tests. MAINSTAY_UPDATE_GOLDEN=1 writes them anew, to be read before they are committed.</summary>
internal static class Golden
{
    public static string Here { get; } = Path.GetDirectoryName(ThisFile()) ?? "";

    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here, "../.."));

    public static void Matches(string path, string actual)
    {
        if (Environment.GetEnvironmentVariable("MAINSTAY_UPDATE_GOLDEN") == "1")
            File.WriteAllText(path, actual);
        Assert.True(File.Exists(path), $"{path} is missing. Run the tests with MAINSTAY_UPDATE_GOLDEN=1, read it, and commit it.");
        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
