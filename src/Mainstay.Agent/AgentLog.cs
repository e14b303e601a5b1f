using Microsoft.Extensions.Logging;

namespace Mainstay.Agent;

/// <summary>The agent's log lines; event ids 1000 to 1099.</summary>
internal static partial class AgentLog
{
    [LoggerMessage(1000, LogLevel.Information, "{Sentence} [{Fact}]")]
    public static partial void FactHappened(ILogger log, string fact, string sentence);

    [LoggerMessage(1001, LogLevel.Warning, "Stored value skipped: {Why}")]
    public static partial void StoredValueSkipped(ILogger log, string why);

    [LoggerMessage(1002, LogLevel.Warning, "The journal {Path} cannot be written: {Why}. Facts stay in this log only until it can be.")]
    public static partial void JournalNotWritten(ILogger log, string path, string why);

    [LoggerMessage(1003, LogLevel.Warning, "{Count} facts did not reach the journal: it is behind.")]
    public static partial void JournalBehind(ILogger log, long count);

    [LoggerMessage(1004, LogLevel.Warning, "libvirt does not answer: {Why}")]
    public static partial void HypervisorLost(ILogger log, string why);

    [LoggerMessage(1005, LogLevel.Information, "libvirt answers.")]
    public static partial void HypervisorFound(ILogger log);

    [LoggerMessage(1006, LogLevel.Warning, "The beacon does not answer: {Why}. Is mainstay-beacon running?")]
    public static partial void BeaconLost(ILogger log, string why);

    [LoggerMessage(1007, LogLevel.Information, "The beacon answers.")]
    public static partial void BeaconFound(ILogger log);

    [LoggerMessage(1010, LogLevel.Information, "Not a member of a cluster yet: waiting for mainstay init or mainstay join on {Socket}.")]
    public static partial void Unconfigured(ILogger log, string socket);

    [LoggerMessage(1011, LogLevel.Information, "Agent {Version} of {Host} in cluster {Cluster} begins.")]
    public static partial void Begins(ILogger log, string version, string host, string cluster);

    [LoggerMessage(1012, LogLevel.Critical, "The agent ends because of a defect or a lost part; guests are not touched.")]
    public static partial void Broken(ILogger log, Exception why);

    [LoggerMessage(1013, LogLevel.Information, "The local etcd member: {What}")]
    public static partial void StoreMember(ILogger log, string what);

    [LoggerMessage(1014, LogLevel.Warning, "The local etcd member: {What}")]
    public static partial void StoreMemberTrouble(ILogger log, string what);

    [LoggerMessage(1015, LogLevel.Warning, "{What} failed and is undone: {Why}")]
    public static partial void Undone(ILogger log, string what, string why);

    [LoggerMessage(1016, LogLevel.Warning, "The libvirt hook could not be installed: {Why}. Starts by hand are not guarded.")]
    public static partial void HookNotInstalled(ILogger log, string why);

    [LoggerMessage(1017, LogLevel.Information, "The libvirt hook is installed as {Script}.")]
    public static partial void HookInstalled(ILogger log, string script);

    [LoggerMessage(1018, LogLevel.Information, "Fence method {Method} of {Host}: {Text}")]
    public static partial void FenceTested(ILogger log, string host, string method, string text);

    [LoggerMessage(1020, LogLevel.Information, "The certificate of this host was about to end, or had ended: {File} was renewed.")]
    public static partial void CertificateRenewed(ILogger log, string file);

    [LoggerMessage(1030, LogLevel.Warning, "{Path} for the crash kernel cannot be written: {Why}. A crash will say nothing.")]
    public static partial void CrashFileFailed(ILogger log, string path, string why);

    [LoggerMessage(1019, LogLevel.Warning, "{Path} of the API failed: {Why}")]
    public static partial void RequestFailed(ILogger log, string path, string why);

    [LoggerMessage(1032, LogLevel.Warning, "{Device} is fed no more, to measure it: this host is reset in about {Timeout} s.")]
    public static partial void WatchdogUnfed(ILogger log, string device, int timeout);

    [LoggerMessage(1033, LogLevel.Information, "{Device} resets this host {Seconds} s after it was fed last, as {Witnesses} witnessed.")]
    public static partial void WatchdogMeasured(ILogger log, string device, double seconds, string witnesses);

    [LoggerMessage(1034, LogLevel.Warning, "The watchdog was not measured: {Why}.")]
    public static partial void WatchdogNotMeasured(ILogger log, string why);

    [LoggerMessage(1035, LogLevel.Warning, "This host's own disk is no witness of the measurement: {Why}")]
    public static partial void WatchdogMarksLost(ILogger log, string why);

    [LoggerMessage(1030, LogLevel.Warning, "{Path} could not be written: {Why}. A store restored from a backup may go unnoticed.")]
    public static partial void StoreMarkNotSaved(ILogger log, string path, string why);
}
