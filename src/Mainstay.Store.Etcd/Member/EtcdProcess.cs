using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Mainstay.Store.Etcd.Member;

/// <summary>
/// A running etcd of ours, known by process id and start time. The id alone is never trusted: before anything is done to the process,
/// /proc must show the start time and the data directory that belong to it.
/// </summary>
internal sealed record EtcdProcess(int Pid, ulong StartTicks, string DataArgument)
{
    private const int Terminate = 15;
    private const int Kill = 9;

    public bool IsAlive
    {
        get
        {
            if (StartTicksOf(Pid) == StartTicks)
                return true;
            Detached.Reap(Pid);
            return false;
        }
    }

    /// <summary>Null with a reason when the program cannot be started.</summary>
    public static (EtcdProcess? Process, string Why) Launch(EtcdMemberOptions options, MemberIdentity identity)
    {
        Directory.CreateDirectory(options.RunDirectory);
        List<string> environment = ["PATH=/usr/bin:/bin"];
        // etcd 3.4 asks for this confirmation on everything but amd64.
        if (RuntimeInformation.ProcessArchitecture == Architecture.Arm64)
            environment.Add("ETCD_UNSUPPORTED_ARCH=arm64");
        var pid = Detached.Start(options.Executable, EtcdArguments.For(options, identity), environment, options.LogFile);
        if (pid < 0)
            return (null, $"{options.Executable} cannot be started: {Marshal.GetPInvokeErrorMessage(-pid)}");
        var process = new EtcdProcess(pid, StartTicksOf(pid) ?? 0, EtcdArguments.DataDirectory(options));
        File.WriteAllText(options.PidFile, string.Create(CultureInfo.InvariantCulture, $"{pid} {process.StartTicks}\n"));
        return (process, "");
    }

    /// <summary>The member that an earlier agent left running; null when there is none.</summary>
    public static EtcdProcess? Find(EtcdMemberOptions options)
    {
        var parts = TryRead(options.PidFile)?.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return parts is [var id, var ticks]
            && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && ulong.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            && Verified(pid, options) is { } found && found.StartTicks == start
                ? found
                : null;
    }

    /// <summary>The process if it runs on our data directory.</summary>
    public static EtcdProcess? Verified(int pid, EtcdMemberOptions options)
    {
        var data = EtcdArguments.DataDirectory(options);
        return StartTicksOf(pid) is { } start && ArgumentsOf(pid).Contains(data) ? new EtcdProcess(pid, start, data) : null;
    }

    /// <summary>Ends it: orderly first, by force when it has not ended in time.</summary>
    public async Task<bool> End(TimeSpan grace, CancellationToken cancel)
    {
        if (Is(Pid))
            Detached.Signal(Pid, Terminate);
        if (await HasEnded(grace, cancel).ConfigureAwait(false))
            return true;
        if (Is(Pid))
            Detached.Signal(Pid, Kill);
        return await HasEnded(TimeSpan.FromSeconds(5), cancel).ConfigureAwait(false);
    }

    public static IReadOnlyList<string> ArgumentsOf(int pid) => TryRead($"/proc/{pid}/cmdline")?.Split('\0') ?? [];

    private bool Is(int pid) => IsAlive && ArgumentsOf(pid).Contains(DataArgument);

    private async Task<bool> HasEnded(TimeSpan within, CancellationToken cancel)
    {
        var deadline = Environment.TickCount64 + (long)within.TotalMilliseconds;
        while (IsAlive)
        {
            if (Environment.TickCount64 >= deadline)
                return false;
            await Task.Delay(20, cancel).ConfigureAwait(false);
        }
        return true;
    }

    /// <summary>
    /// Null for a process that is gone or a zombie. While other threads end, the first one looks like a zombie, but ports and files
    /// are still held. Fields are counted behind the name, which may hold spaces.
    /// </summary>
    private static ulong? StartTicksOf(int pid)
    {
        if (TryRead($"/proc/{pid}/stat") is not { } stat)
            return null;
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19 && (fields[0] is not ("Z" or "X") || Threads(pid) > 1)
            ? ulong.Parse(fields[19], CultureInfo.InvariantCulture)
            : null;
    }

    private static int Threads(int pid)
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{pid}/task").Count();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static string? TryRead(string file)
    {
        try
        {
            return File.ReadAllText(file, Encoding.UTF8);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
