using Microsoft.Extensions.Logging;

namespace Mainstay.Engine;

/// <summary>The engine's log lines; event ids 1000 to 1099.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(1000, LogLevel.Information, "{Sentence} [{Fact}]")]
    public static partial void FactHappened(ILogger log, string fact, string sentence);

    [LoggerMessage(1001, LogLevel.Warning, "Stored value skipped: {Why}")]
    public static partial void StoredValueUnreadable(ILogger log, string why);

    [LoggerMessage(1002, LogLevel.Warning, "The journal {Path} cannot be written: {Why}. Facts stay in the log only until it can be.")]
    public static partial void JournalNotWritten(ILogger log, string path, string why);

    [LoggerMessage(1003, LogLevel.Warning, "{Count} facts did not reach the journal: it is behind.")]
    public static partial void JournalBehind(ILogger log, long count);

    [LoggerMessage(1004, LogLevel.Warning, "The hypervisor does not answer: {Why}")]
    public static partial void HypervisorLost(ILogger log, string why);

    [LoggerMessage(1005, LogLevel.Information, "The hypervisor answers.")]
    public static partial void HypervisorFound(ILogger log);

    [LoggerMessage(1006, LogLevel.Warning, "The beacon does not answer: {Why}")]
    public static partial void BeaconLost(ILogger log, string why);

    [LoggerMessage(1007, LogLevel.Information, "The beacon answers.")]
    public static partial void BeaconFound(ILogger log);

    [LoggerMessage(1008, LogLevel.Debug, "{Effect}: {Answer}")]
    public static partial void EffectDone(ILogger log, string effect, string answer);
}
