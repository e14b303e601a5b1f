using System.Diagnostics;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;

namespace Mainstay.Fencing;

/// <summary>What a status run of a fence agent says.</summary>
internal abstract record Reading
{
    private Reading()
    {
    }

    public sealed record Power(PowerState State) : Reading;

    public sealed record Fault(FenceFault Kind, string Why) : Reading;
}

/// <summary>Reads exit code and output of a status run. Anything that is not plainly on or off is a fault.</summary>
internal static class StatusReading
{
    public static Reading From(ToolRun run, FenceMethod method, TimeSpan limit) => run switch
    {
        ToolRun.NotStarted not => new Reading.Fault(FenceFault.Failed, $"{method.Agent} could not be started: {not.Why}"),
        ToolRun.TimedOut => new Reading.Fault(FenceFault.Timeout, $"{method.Agent} did not end within {limit.TotalSeconds:0.#} s"),
        ToolRun.Ended { ExitCode: 0 } ended when !Says(ended, "off") => new Reading.Power(PowerState.On),

        // S2: "off" must be said, not only meant by the exit code, which many programs also use for bad arguments.
        ToolRun.Ended { ExitCode: 2 } ended when Says(ended, "off") => new Reading.Power(PowerState.Off),
        ToolRun.Ended ended => Failed(ended, method),
        _ => throw new UnreachableException(),
    };

    private static Reading.Fault Failed(ToolRun.Ended ended, FenceMethod method)
    {
        var cause = FenceCall.Cause(ended.Errors, method);
        var said = cause.Length > 0 ? cause : "it printed nothing";
        return new Reading.Fault(Kind(ended.Errors), $"{method.Agent} exited with {ended.ExitCode}: {said}");
    }

    private static FenceFault Kind(string errors)
    {
        if (Has(errors, "timed out") || Has(errors, "No route to host") || Has(errors, "Connection refused") || Has(errors, "unreachable"))
            return FenceFault.Unreachable;

        // "Unable to connect/login" stands for both; only a test that asks the device tells which.
        if (Has(errors, "connect/login"))
            return FenceFault.Failed;
        if (Has(errors, "login") || Has(errors, "privileges") || Has(errors, "password") || Has(errors, "401"))
            return FenceFault.LoginFailed;
        return Has(errors, "Parse error") || Has(errors, "You have to") || Has(errors, "not recognized")
            ? FenceFault.BadOptions : FenceFault.Failed;
    }

    private static bool Has(string text, string words) => text.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static bool Says(ToolRun.Ended ended, string state) =>
        ended.Output.Split('\n').Any(l => l.Trim().Equals($"Status: {state}", StringComparison.OrdinalIgnoreCase));
}
