namespace Mainstay.Cli;

/// <summary>What the program's exit code says; <c>docs/reference/exit-codes.md</c> is the same list for people.</summary>
internal static class ExitCode
{
    /// <summary>Done, or everything is as it should be.</summary>
    public const int Done = 0;

    /// <summary>The cluster refused, or something is not as it should be.</summary>
    public const int Refused = 1;

    /// <summary>The command line or a file it names is wrong; nothing was asked of the cluster, or it could not read it.</summary>
    public const int BadInput = 2;

    /// <summary>No answer: agent or cluster out of reach, or not done within the deadline.</summary>
    public const int NoAnswer = 3;

    /// <summary>An exception nobody expected.</summary>
    public const int Defect = 70;

    /// <summary>Ended by Ctrl-C, as shells number it.</summary>
    public const int Interrupted = 130;
}
