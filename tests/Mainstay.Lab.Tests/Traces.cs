using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Tests;

/// <summary>What a lab could leave on the machine outside its own directory.</summary>
internal static class Traces
{
    private static readonly string[] Places = ["/etc/mainstay", "/var/lib/mainstay", "/run/mainstay", "/srv/shared"];

    /// <summary>Places that are there, to compare with later.</summary>
    public static IReadOnlyList<string> Now() => [.. Places.Where(Directory.Exists)];

    /// <summary>No process, namespace, link, table, mount or directory of the lab in a state directory is left.</summary>
    public static void AssertNothingNew(IReadOnlyList<string> before, string stateDirectory)
    {
        var name = Path.GetFileName(stateDirectory);
        Assert.Empty(ProcessTable.WithEnvironment(LabLayout.EnvironmentName + "=" + stateDirectory));
        // A namespace lives as long as a process in it or a mount of it; either would show the lab's directory among its mounts.
        Assert.DoesNotContain(ProcessTable.All(), pid => ProcessTable.Mounts(pid).Contains(stateDirectory + "/", StringComparison.Ordinal));
        Assert.DoesNotContain(Directory.EnumerateDirectories("/sys/class/net").Select(Path.GetFileName),
            link => link?.StartsWith(name + "mgmt", StringComparison.Ordinal) == true
                || link?.StartsWith(name + "stor", StringComparison.Ordinal) == true);
        Assert.False(Directory.Exists(stateDirectory), $"{stateDirectory} is still there");
        Assert.Equal(before, Now());
    }
}
