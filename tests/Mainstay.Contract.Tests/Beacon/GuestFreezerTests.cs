using System.Diagnostics;
using System.Globalization;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Lab.Processes;
using Xunit;

namespace Mainstay.Contract.Tests.Beacon;

/// <summary>
/// Guests in a real control group, named as libvirt names them, are frozen by it when their host is isolated, and others by a signal.
/// </summary>
public sealed class GuestFreezerTests
{
    private const string Scoped = "44444444-2222-3333-4444-555555555555";
    private const string Bare = "55555555-2222-3333-4444-555555555555";
    private static readonly string[] Roots = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_is_frozen_by_its_group_goes_on_with_the_lease_and_is_killed_frozen()
    {
        using var group = Group.Make();
        using var scoped = Guest(Scoped);
        using var bare = Guest(Bare);
        try
        {
            group.Take(scoped.Id);
            await using var rig = new LeaseRig(freeze: 2, kill: 8)
            {
                Protected = [new(new GroupId("web"), Scoped, "owned by n1"), new(new GroupId("db"), Bare, "owned by n1")],
            };
            await rig.Begin();
            rig.Host.StartBeacon();
            await rig.Hold();
            Assert.False(group.IsFrozen);

            rig.Isolate(begin: true);
            await Until(() => group.IsFrozen && StateOf(bare) == 'T', "both are paused", rig);
            Assert.NotEqual('T', StateOf(scoped));

            // A frozen guest is one whose machine does not run: a signal that lets go on what was stopped does nothing to it.
            Posix.Signal(scoped.Id, Posix.Continue);
            Assert.True(group.IsFrozen);

            rig.Isolate(begin: false);
            await Until(() => !group.IsFrozen && StateOf(bare) != 'T', "both go on", rig);

            rig.Isolate(begin: true);
            await Until(() => scoped.HasExited && bare.HasExited, "both are killed, the frozen one too", rig);
            rig.Isolate(begin: false);
        }
        finally
        {
            scoped.Kill();
            bare.Kill();
        }
    }

    private static Process Guest(string uuid) =>
        Process.Start("sh", ["-c", "while :; do sleep 0.1; done", "guest", "-uuid", uuid])
        ?? throw new InvalidOperationException("sh did not start.");

    private static char StateOf(Process process) =>
        File.ReadAllText($"/proc/{process.Id}/stat") is var text ? text[text.LastIndexOf(')') + 2] : ' ';

    private static async Task Until(Func<bool> condition, string what, LeaseRig rig)
    {
        for (var waited = Stopwatch.StartNew(); !condition(); await Task.Delay(20, Cancel))
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(40), $"{what}: {rig.Host.Log}");
    }

    /// <summary>A control group where libvirt and systemd would make one.</summary>
    private sealed class Group : IDisposable
    {
        private readonly string root;
        private readonly string scope;

        private Group(string root)
        {
            this.root = root;
            scope = Path.Combine(root, $"mainstay-test-{Environment.ProcessId}.slice", @"machine-qemu\x2d7\x2dweb.scope");
            Directory.CreateDirectory(Path.Combine(scope, "libvirt"));
        }

        public bool IsFrozen => File.ReadAllText(Path.Combine(scope, "cgroup.events")).Contains("frozen 1", StringComparison.Ordinal);

        public static Group Make()
        {
            var root = Roots.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "cgroup.controllers")));
            Assert.SkipWhen(root is null, "There is no cgroup v2 here.");
            try
            {
                return new Group(root ?? "");
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                Assert.Skip($"Control groups cannot be made here: {refused.Message}");
                throw;
            }
        }

        public void Take(int pid) => File.WriteAllText(
            Path.Combine(scope, "libvirt", "cgroup.procs"), pid.ToString(CultureInfo.InvariantCulture));

        public void Dispose()
        {
            // What was in it ends first, and a group goes only when it is empty.
            for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(5);)
            {
                try
                {
                    File.WriteAllText(Path.Combine(scope, "cgroup.freeze"), "0");
                    File.WriteAllText(Path.Combine(scope, "cgroup.kill"), "1");
                    foreach (var folder in new[] { Path.Combine(scope, "libvirt"), scope, Path.GetDirectoryName(scope) ?? root })
                        Directory.Delete(folder);
                    return;
                }
                catch (IOException)
                {
                    Thread.Yield();
                }
            }
        }
    }
}
