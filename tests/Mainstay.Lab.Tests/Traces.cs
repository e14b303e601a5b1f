using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Tests;

/// <summary>What a lab could leave on the machine outside its own directory.</summary>
internal static class Traces
{
    private static readonly string[] Places = ["/etc/mainstay", "/var/lib/mainstay", "/run/mainstay", "/srv/shared"];

    private static readonly TimeSpan LinksGoneWithin = TimeSpan.FromSeconds(30);

    /// <summary>Places that are there, to compare with later.</summary>
    public static IReadOnlyList<string> Now() => [.. Places.Where(Directory.Exists)];

    /// <summary>No process, namespace, link, table, mount or directory of the lab in a state directory is left.</summary>
    public static void AssertNothingNew(IReadOnlyList<string> before, string stateDirectory)
    {
        var name = Path.GetFileName(stateDirectory);
        Assert.Empty(ProcessTable.WithEnvironment(LabLayout.EnvironmentName + "=" + stateDirectory));
        // A namespace lives as long as a process in it or a mount of it; either would show the lab's directory among its mounts.
        Assert.DoesNotContain(ProcessTable.All(), pid => ProcessTable.Mounts(pid).Contains(stateDirectory + "/", StringComparison.Ordinal));
        // The kernel takes a namespace's links away some time after its last process has gone.
        Assert.True(
            SpinWait.SpinUntil(() => Links(name).Length == 0, LinksGoneWithin), $"links are left: {string.Join(", ", Links(name))}");
        Assert.False(Directory.Exists(stateDirectory), $"{stateDirectory} is still there");
        Assert.Equal(before, Now());
    }

    private static string[] Links(string lab) =>
    [
        .. Directory.EnumerateDirectories("/sys/class/net").Select(path => Path.GetFileName(path) ?? "").Where(link =>
            link.StartsWith(lab + "mgmt", StringComparison.Ordinal) || link.StartsWith(lab + "stor", StringComparison.Ordinal)),
    ];
}
