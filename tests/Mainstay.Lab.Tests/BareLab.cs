using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Tests;

/// <summary>A lab without Mainstay, with names and networks of its own so that it stands beside any other.</summary>
internal static class BareLab
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static string Management { get; } = $"10.77.{100 + Checkout.Slot}";

    public static string Storage { get; } = $"10.78.{100 + Checkout.Slot}";

    private static string Name { get; } = $"tlab{Checkout.Slot}";

    public static LabOptions Options(int hosts = 2) => new()
    {
        Name = Name,
        StateDirectory = LabOptions.DefaultStateDirectory(Name),
        ManagementPrefix = Management,
        StoragePrefix = Storage,
        Hosts = [.. Enumerable.Range(1, hosts).Select(number => $"t{number}")],
        Bare = true,
    };

    public static void RequireMachine()
    {
        var missing = Prerequisites.Missing(Options());
        Assert.SkipWhen(missing.Count > 0, string.Join(' ', missing));
    }

    public static async Task<string> Run(LabCluster lab, string host, params string[] command)
    {
        var outcome = await lab.Exec(host, command, Limit, TestContext.Current.CancellationToken);
        return outcome.OutputOr($"{string.Join(' ', command)} on {host}");
    }

    /// <summary>Whether libvirt's port on an address answers a host within a second.</summary>
    public static async Task<bool> Reaches(LabCluster lab, string host, string address) =>
        (await lab.Exec(host,
            ["timeout", "1", "bash", "-c", $"exec 3<>/dev/tcp/{address}/16509"], Limit, TestContext.Current.CancellationToken)).Succeeded;

    /// <summary>After a fault the kernel may wait a second before it asks for a neighbour again.</summary>
    public static Task UntilReached(LabCluster lab, string host, string address) =>
        Until(() => Reaches(lab, host, address), $"{host} reaches {address}");

    public static async Task Until(Func<Task<bool>> condition, string what)
    {
        for (var waited = System.Diagnostics.Stopwatch.StartNew();
            !await condition(); await Task.Delay(10, TestContext.Current.CancellationToken))
            Assert.True(waited.Elapsed < Limit, $"Not within {Limit.TotalSeconds:0} s: {what}");
    }

    public static Task<CommandOutcome> Program(string program, params string[] arguments) =>
        Command.Run(program, arguments, Limit, TestContext.Current.CancellationToken);
}
