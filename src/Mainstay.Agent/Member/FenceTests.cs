using System.Collections.Concurrent;
using System.Globalization;
using Mainstay.Contracts.Api;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;
using Mainstay.Engine.Shell;
using Microsoft.Extensions.Logging;

namespace Mainstay.Agent.Member;

/// <summary>
/// Tests fence methods and remembers the results, so that the status can say whether a death could be proved. The leader tests every
/// method when it changes and from time to time.
/// </summary>
/// <param name="usable">A reading that takes longer never becomes a proof, so it fails the test.</param>
internal sealed class FenceTests(AgentShell shell, IFenceDevice fences, TimeSpan usable, HostId self, TimeProvider time, ILogger log)
{
    /// <summary>Longer than what is usable, so that the result can say how slow a slow device is.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AgainAfterFailure = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(HostId Host, string Method), (FenceMethod Tested, FenceTestResult Result)> results = new();

    /// <summary>Every method's last result by this agent.</summary>
    public IReadOnlyList<LocalFenceTest> Results =>
        [.. results.Select(r => new LocalFenceTest { Host = r.Key.Host.Name, Result = r.Value.Result })];

    public async Task<FenceTestResult> Test(HostId host, FenceMethod method, CancellationToken cancel)
    {
        var heardBefore = IsHeard(host);
        var test = InTime(method, await fences.Test(method, Limit, cancel).ConfigureAwait(false));
        var wrong = Contradiction(host, method, test, heardBefore && IsHeard(host));
        var result = new FenceTestResult
        {
            Method = method.Name,
            Agent = method.Agent,
            Ok = test is FenceTest.Read && wrong is null,
            Power = test is FenceTest.Read read ? Word(read.Power) : null,
            Cause = test is FenceTest.Failed failed ? Word(failed.Fault) : wrong is null ? null : "wrong_host",
            Text = test is FenceTest.Failed f ? f.Why : wrong ?? $"{method.Agent} reads {host}'s power",
            Seconds = Math.Round(test.Took.TotalSeconds, 3),
            At = time.GetUtcNow(),
            By = self.Name,
        };
        results[(host, method.Name)] = (method, result);
        AgentLog.FenceTested(log, host.Name, method.Name, result.Text);
        return result;
    }

    /// <summary>Until cancelled.</summary>
    public async Task Patrol(CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(LookEvery, cancel).ConfigureAwait(false);
            var view = shell.Sight.View;
            Forget(view.Hosts.ToDictionary(h => h.Key, h => h.Value.Value.FenceMethods));
            if (view.Leader?.Value.Holder.Host != self)
                continue;
            foreach (var (host, config) in view.Hosts)
            {
                foreach (var method in config.Value.FenceMethods.Where(m => IsDue(host, m)))
                    await Test(host, method, cancel).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// S2: a device that reads "off" for a host that is heard before and after is wired to another machine: it would prove this one dead by
    /// that one's power, and switch that one off in its place. Null when nothing speaks against the reading.
    /// </summary>
    internal static string? Contradiction(HostId host, FenceMethod method, FenceTest test, bool heard) =>
        heard && test is FenceTest.Read { Power: PowerState.Off }
            ? $"{method.Agent} reads 'off', but {host} is heard: {method.Name} is the device of another host, or names another outlet; "
                + "compare its address and options with the cabling"
            : null;

    private bool IsHeard(HostId host) => shell.Sight is var sight
        && (host == self || sight.Hearing.IsHeard(host, Timing.For(TimingProfile.Aggressive).SuspectAfter, shell.Now));

    private FenceTest InTime(FenceMethod method, FenceTest test) => test is FenceTest.Read && test.Took > usable
        ? new FenceTest.Failed(FenceFault.Timeout, TooSlow(method, test.Took), test.Took)
        : test;

    private string TooSlow(FenceMethod method, TimeSpan took) => string.Create(
        CultureInfo.InvariantCulture,
        $"{method.Agent} read the power, but took {took.TotalSeconds:0.0} s; a proof needs it within {usable.TotalSeconds:0.#} s");

    private static string Word(PowerState power) => power switch
    {
        PowerState.On => "on",
        PowerState.Off => "off",
    };

    private static string Word(FenceFault fault) => fault switch
    {
        FenceFault.AgentMissing => "agent_missing",
        FenceFault.BadOptions => "bad_options",
        FenceFault.LoginFailed => "login_failed",
        FenceFault.Unreachable => "unreachable",
        FenceFault.Timeout => "timeout",
        FenceFault.Failed => "failed",
    };

    private bool IsDue(HostId host, FenceMethod method)
    {
        if (!results.TryGetValue((host, method.Name), out var last) || last.Tested != method)
            return true;
        return time.GetUtcNow() - last.Result.At > (last.Result.Ok ? Again : AgainAfterFailure);
    }

    private void Forget(Dictionary<HostId, ValueList<FenceMethod>> methods)
    {
        foreach (var (key, value) in results)
        {
            if (!methods.TryGetValue(key.Host, out var known) || !known.Contains(value.Tested))
                results.TryRemove(key, out _);
        }
    }
}
