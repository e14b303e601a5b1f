using System.Diagnostics;
using System.Text.Json;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Tests;

/// <summary>The demonstration shows what it says and leaves the machine as it was, also when it is interrupted.</summary>
[Collection("lab")]
public sealed class DemoTests
{
    private const string State = "/var/lib/mainstay-lab/demo";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task The_demonstration_recovers_every_guest_once_and_removes_itself()
    {
        Require();
        var before = Traces.Now();
        using var demo = Start("--json");
        var output = demo.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var story = demo.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await Ended(demo);
        Assert.True(demo.ExitCode == 0, $"exit {demo.ExitCode}: {await story}");
        using var document = JsonDocument.Parse(await output);
        var report = document.RootElement;
        Assert.Equal((6, 6, 0), (Number(report, "guests"), Number(report, "recovered"), Number(report, "double_runs")));
        Assert.False(report.TryGetProperty("problems", out _));
        var seconds = report.GetProperty("seconds");
        foreach (var phase in new[] { "suspected", "proved", "assigned" })
            Assert.InRange(seconds.GetProperty(phase).GetDouble(), 0, 60);
        Assert.InRange(seconds.GetProperty("speaks").GetProperty("max").GetDouble(), seconds.GetProperty("proved").GetDouble(), 60);
        Traces.AssertNothingNew(before, State);
    }

    [Fact]
    public async Task Ctrl_C_in_the_middle_of_the_demonstration_removes_everything()
    {
        Require();
        var before = Traces.Now();
        using var demo = Start();
        var errors = demo.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (await demo.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line
            && !line.Contains("hosts are up", StringComparison.Ordinal))
            continue;
        Assert.True(Directory.Exists(State));
        Posix.Signal(demo.Id, Posix.Interrupt);
        await demo.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await Ended(demo);
        Assert.Equal(130, demo.ExitCode);
        Assert.Contains("Interrupted", await errors, StringComparison.Ordinal);
        Traces.AssertNothingNew(before, State);
    }

    private static void Require()
    {
        var missing = Prerequisites.Missing(new LabOptions { ProgramDirectories = [Checkout.Programs] });
        Assert.SkipWhen(missing.Count > 0, string.Join(' ', missing));
    }

    private static int Number(JsonElement report, string name) => report.GetProperty(name).GetInt32();

    private static Process Start(params string[] options) => Process.Start(
        new ProcessStartInfo(Path.Combine(Checkout.Root, "demo.sh"), options)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("demo.sh did not start.");

    /// <summary>Ends it by force when it does not end by itself, and what it leaves is removed.</summary>
    private static async Task Ended(Process demo)
    {
        try
        {
            await demo.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            demo.Kill(entireProcessTree: true);
            await LabCluster.Down(State, CancellationToken.None);
            Assert.Fail($"The demonstration did not end within {Limit.TotalMinutes:0} minutes.");
        }
    }
}
