namespace Mainstay.Fencing;

/// <summary>How the run of a child process ended.</summary>
internal abstract record ToolRun
{
    private ToolRun()
    {
    }

    /// <summary>It ended by itself. Output and errors are bounded.</summary>
    public sealed record Ended(int ExitCode, string Output, string Errors) : ToolRun;

    /// <summary>It was killed at the limit, with everything it had started.</summary>
    public sealed record TimedOut(string Errors) : ToolRun;

    public sealed record NotStarted(string Why) : ToolRun;
}
