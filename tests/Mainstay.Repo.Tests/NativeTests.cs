using System.Diagnostics;
using Xunit;

namespace Mainstay.Repo.Tests;

/// <summary>The programs can be published as native code without a warning, and the result runs.</summary>
[Trait("cost", "slow")]
public sealed class NativeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    [Theory]
    [InlineData("mainstay-beacon")]
    [InlineData("mainstay-agent")]
    [InlineData("mainstay")]
    public async Task The_program_is_published_as_native_code(string program)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("MAINSTAY_TEST_AOT") == "1", "./test.sh sets MAINSTAY_TEST_AOT=1");
        Assert.SkipUnless(File.Exists("/usr/bin/clang"), "clang is missing (scripts/install-prerequisites.sh installs it)");
        var root = Repository.Here.Root;

        var build = await Run(Path.Combine(root, "scripts/build.sh"), "--aot", program);
        Assert.True(build.ExitCode == 0, build.Output);

        var file = Path.Combine(root, "artifacts/native", program);
        var head = new byte[4];
        await using (var stream = File.OpenRead(file))
            await stream.ReadExactlyAsync(head, TestContext.Current.CancellationToken);
        Assert.Equal([0x7f, (byte)'E', (byte)'L', (byte)'F'], head);
        Assert.False(File.Exists(file + ".dll"), "native code does not come with a .dll");

        var run = await Run(file, "--version");
        Assert.True(run.ExitCode == 0, run.Output);
    }

    private static async Task<(int ExitCode, string Output)> Run(string program, params string[] arguments)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        Assert.NotNull(process);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
