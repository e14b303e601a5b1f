using System.Collections.Concurrent;
using System.Diagnostics;
using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;

namespace Mainstay.Fencing;

/// <summary>
/// Fencing through the fence-agents programs: options on standard input, the verdict from exit code and output together. An exit code alone
/// proves nothing: 2 means "off" for a status, but also "bad arguments" for many programs.
/// </summary>
public sealed class FenceAgents : IFenceDevice
{
    private static readonly TimeSpan MetadataLimit = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, (DateTime Written, AgentMetadata Metadata)> known = new(StringComparer.Ordinal);
    private readonly ValueList<string> directories;

    /// <param name="directories">Where agents are looked for, in order.</param>
    public FenceAgents(params ReadOnlySpan<string> directories) =>
        this.directories = directories.IsEmpty ? ["/usr/sbin", "/usr/local/sbin"] : ValueList.Create(directories);

    public async Task<Observed<PowerState>> ReadPower(FenceMethod method, TimeSpan limit, CancellationToken cancel) =>
        await Status(method, limit, cancel).ConfigureAwait(false) switch
        {
            Reading.Power power => new Observed<PowerState>.Known(power.State),
            Reading.Fault fault => new Observed<PowerState>.Unknown(fault.Why),
            _ => throw new UnreachableException(),
        };

    public async Task<FenceOutcome> SwitchOff(FenceMethod method, TimeSpan limit, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        if (Locate(method.Agent) is not { } program)
            return new FenceOutcome.Refused(Missing(method.Agent));
        var off = await ChildProcess.Run(program, FenceCall.Input(method, "off"), limit, cancel).ConfigureAwait(false);
        var left = limit - watch.Elapsed;
        if (off is ToolRun.TimedOut || left <= TimeSpan.Zero)
            return new FenceOutcome.Unknown($"{method.Agent} off did not end within {limit.TotalSeconds:0.#} s");

        // S2: whatever "off" said, only a reading of its own counts.
        var reading = await Status(method, left, cancel).ConfigureAwait(false);
        var said = off is ToolRun.Ended { ExitCode: 0 } ? "accepted" : $"failed ({FailedOff(off, method)})";
        return reading switch
        {
            Reading.Power { State: PowerState.Off } => new FenceOutcome.Confirmed($"{method.Agent}: off {said}, then read as off"),
            Reading.Power { State: PowerState.On } => new FenceOutcome.Unknown($"{method.Agent}: off {said}, but the power reads on"),
            Reading.Fault { Kind: FenceFault.AgentMissing or FenceFault.BadOptions or FenceFault.LoginFailed } fault =>
                new FenceOutcome.Refused($"{method.Agent}: off {said}; {fault.Why}"),
            Reading.Fault fault => new FenceOutcome.Unknown($"{method.Agent}: off {said}; the power could not be read: {fault.Why}"),
            _ => throw new UnreachableException(),
        };
    }

    public async Task<FenceTest> Test(FenceMethod method, TimeSpan limit, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var reading = await Status(method, limit, cancel).ConfigureAwait(false);
        var took = watch.Elapsed;
        if (reading is Reading.Power power)
            return new FenceTest.Read(power.State, took);
        var fault = reading as Reading.Fault ?? throw new UnreachableException();
        if (fault.Kind is FenceFault.AgentMissing or FenceFault.BadOptions)
            return new FenceTest.Failed(fault.Kind, fault.Why, took);
        return await Diagnose(method, fault, took, cancel).ConfigureAwait(false);
    }

    public async Task<FenceMethodCheck> Check(FenceMethod method, CancellationToken cancel)
    {
        if (Locate(method.Agent) is not { } program)
            return new FenceMethodCheck.Invalid([Missing(method.Agent)]);
        return await Metadata(program, cancel).ConfigureAwait(false) switch
        {
            Observed<AgentMetadata>.Known metadata => OptionCheck.Check(method, metadata.Value),
            Observed<AgentMetadata>.Unknown unknown => new FenceMethodCheck.Invalid([$"{method.Agent}: {unknown.Why}"]),
            _ => throw new UnreachableException(),
        };
    }

    private async Task<FenceTest> Diagnose(FenceMethod method, Reading.Fault fault, TimeSpan took, CancellationToken cancel)
    {
        var address = method.Options.FirstOrDefault(o => o.Name == "ip")?.Value ?? "its address";
        if (Locate(method.Agent) is not { } program
            || await Metadata(program, cancel).ConfigureAwait(false) is not Observed<AgentMetadata>.Known metadata)
            return new FenceTest.Failed(fault.Kind, fault.Why, took);
        return await Reachability.Ask(method, metadata.Value, cancel).ConfigureAwait(false) switch
        {
            Observed<bool>.Known { Value: true } when fault.Kind is not FenceFault.Timeout => new FenceTest.Failed(
                FenceFault.LoginFailed,
                $"the device at {address} answers but refuses: check user name, password and privileges ({fault.Why})",
                took),
            Observed<bool>.Known { Value: false } => new FenceTest.Failed(
                FenceFault.Unreachable, $"the device at {address} does not answer: check address, port and network ({fault.Why})", took),
            Observed<bool>.Unknown unknown => new FenceTest.Failed(fault.Kind, $"{fault.Why} ({unknown.Why})", took),
            _ => new FenceTest.Failed(fault.Kind, fault.Why, took),
        };
    }

    private async Task<Reading> Status(FenceMethod method, TimeSpan limit, CancellationToken cancel)
    {
        if (Locate(method.Agent) is not { } program)
            return new Reading.Fault(FenceFault.AgentMissing, Missing(method.Agent));
        var run = await ChildProcess.Run(program, FenceCall.Input(method, "status"), limit, cancel).ConfigureAwait(false);
        return StatusReading.From(run, method, limit);
    }

    private async Task<Observed<AgentMetadata>> Metadata(string program, CancellationToken cancel)
    {
        var written = File.GetLastWriteTimeUtc(program);
        if (known.TryGetValue(program, out var cached) && cached.Written == written)
            return new Observed<AgentMetadata>.Known(cached.Metadata);
        var run = await ChildProcess.Run(program, "action=metadata\n", MetadataLimit, cancel).ConfigureAwait(false);
        if (run is not ToolRun.Ended { ExitCode: 0 } ended)
            return new Observed<AgentMetadata>.Unknown("its metadata cannot be read; is it installed completely?");
        try
        {
            var metadata = AgentMetadata.Parse(ended.Output);
            known[program] = (written, metadata);
            return new Observed<AgentMetadata>.Known(metadata);
        }
        catch (FormatException e)
        {
            return new Observed<AgentMetadata>.Unknown(e.Message);
        }
    }

    /// <summary>Null when there is none. A name is never a path: only programs of the known directories are run.</summary>
    private string? Locate(string agent) =>
        agent.StartsWith("fence_", StringComparison.Ordinal) && agent.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? directories.Select(d => Path.Combine(d, agent)).FirstOrDefault(File.Exists)
            : null;

    private string Missing(string agent) =>
        $"there is no fence agent '{agent}' in {string.Join(" or ", directories)}: install fence-agents or correct the name";

    private static string FailedOff(ToolRun run, FenceMethod method) => run switch
    {
        ToolRun.Ended ended => FenceCall.Cause(ended.Errors, method) is { Length: > 0 } cause ? cause : $"exit code {ended.ExitCode}",
        ToolRun.NotStarted not => not.Why,
        ToolRun.TimedOut => "time limit",
        _ => throw new UnreachableException(),
    };
}
