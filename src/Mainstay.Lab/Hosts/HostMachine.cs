using System.Diagnostics;
using System.Globalization;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Hosts;

/// <summary>
/// One host as hardware: its power, and the processes on it. On means that its process tree exists; off is only said when the last
/// process of it is gone. Used by one queue at a time, except for <see cref="IsOn"/>.
/// </summary>
internal sealed class HostMachine(HostPlan plan, LabNetwork network, MadeThings made)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(20);
    private static readonly string[] Namespaces = ["--net", "--mount", "--pid", "--ipc", "--uts", "--cgroup", "--fork", "--kill-child"];

    private readonly List<int> stopped = [];
    private Process? outer;

    public HostPlan Plan => plan;

    public bool IsOn => outer is { HasExited: false };

    public bool IsHung => stopped.Count > 0;

    /// <summary>The pid, seen from the machine, of the host's first process.</summary>
    public int? InitPid { get; private set; }

    public async Task PowerOn(CancellationToken cancel)
    {
        if (IsOn)
            return;
        // The last one is left to the collector: a status may be looking at it, from another thread, and a disposed one cannot be asked.
        stopped.Clear();
        var start = new ProcessStartInfo("unshare", [.. Namespaces, "/bin/bash", HostFiles.InitScript(plan)]);
        foreach (var (name, value) in Settings())
            start.Environment[name] = value;
        outer = Process.Start(start) ?? throw new LabException($"The host {plan.Name} could not be started.");
        made.Process(outer.Id);
        var init = await FindInit(outer, cancel).ConfigureAwait(false);
        made.Process(init);
        InitPid = init;
        await network.Attach(plan, init, cancel).ConfigureAwait(false);
    }

    /// <summary>Returns when nothing of the host lives any more: the outer process waits for the whole namespace.</summary>
    public async Task PowerOff(CancellationToken cancel)
    {
        if (outer is null || InitPid is not { } init)
            return;
        if (!outer.HasExited)
        {
            // A host without power answers nothing from this moment on; the kernel that it shares with us would, while its processes die.
            LinkSwitch.Down(plan.ManagementLink);
            LinkSwitch.Down(plan.StorageLink);
            Posix.Signal(init, Posix.Kill);
        }

        await outer.WaitForExitAsync(cancel).WaitAsync(EndLimit, cancel).ConfigureAwait(false);
        InitPid = null;
        stopped.Clear();
    }

    /// <summary>Stops every process; what starts in between is caught by the next round.</summary>
    public void Hang()
    {
        var init = InitPid ?? throw new LabException($"{plan.Name} is off.");
        for (var found = true; found;)
        {
            found = false;
            foreach (var pid in ProcessTable.InNamespaceOf(init))
            {
                // One that somebody else has stopped already must not be woken by us later.
                if (ProcessTable.Find(pid) is not { State: not ('T' or 't') } || stopped.Contains(pid) || !Posix.Signal(pid, Posix.Stop))
                    continue;
                stopped.Add(pid);
                found = true;
            }
        }
    }

    public void Unhang()
    {
        foreach (var pid in stopped)
            Posix.Signal(pid, Posix.Continue);
        stopped.Clear();
    }

    /// <summary>The processes of one program on this host; seen from the machine.</summary>
    public IReadOnlyList<int> Find(LabProcess program) => InitPid is { } init ? Find(init, program) : [];

    /// <param name="init">The pid, seen from the machine, of the host's first process.</param>
    public static IReadOnlyList<int> Find(int init, LabProcess program) =>
        [.. ProcessTable.InNamespaceOf(init).Where(pid => pid != init && Is(program, ProcessTable.CommandLine(pid)))];

    private static bool Is(LabProcess program, IReadOnlyList<string> commandLine)
    {
        var wanted = program switch
        {
            LabProcess.Agent => "mainstay-agent",
            LabProcess.Beacon => "mainstay-beacon",
            LabProcess.Libvirtd => "libvirtd",
            LabProcess.Virtlogd => "virtlogd",
            LabProcess.Etcd => "etcd",
        };
        // A program run by the dotnet host is its first argument; a hook is a short-lived beacon program, not the beacon.
        return commandLine.Take(2).Any(part => Path.GetFileName(part) is var name && (name == wanted || name == wanted + ".dll"))
            && !commandLine.Contains("hook");
    }

    private static async Task<int> FindInit(Process outer, CancellationToken cancel)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < StartLimit;)
        {
            if (ProcessTable.ChildOf(outer.Id) is { } child)
                return child;
            if (outer.HasExited)
                throw new LabException(
                    $"The host's namespaces could not be made (exit {outer.ExitCode}). Run as root, on a kernel with namespaces.");
            await Task.Delay(2, cancel).ConfigureAwait(false);
        }

        throw new LabException("The host's first process did not appear in time.");
    }

    private IEnumerable<(string Name, string Value)> Settings()
    {
        var lab = plan.Lab;
        yield return ("LAB_HOST", plan.Name);
        yield return ("LAB_HOST_DIRECTORY", plan.Directory);
        yield return ("LAB_MANAGEMENT", plan.ManagementAddress);
        yield return ("LAB_STORAGE", plan.StorageAddress);
        yield return ("LAB_PROGRAMS", lab.ProgramDirectory);
        yield return ("LAB_SHARED", lab.SharedDirectory);
        yield return ("LAB_LIBVIRT_CACHE", Path.Combine(lab.Options.CacheDirectory, "libvirt"));
        yield return ("LAB_MAINSTAY", lab.Options.Bare ? "" : "yes");
        yield return ("LAB_WITNESS", plan.IsWitness ? "yes" : "");
        yield return ("LAB_NUMBER", plan.Number.ToString(CultureInfo.InvariantCulture));
        yield return ("PATH", HostPath);
        yield return ("HOME", "/root");
    }

    /// <summary>Where commands are found on a host; the lab's own programs come first.</summary>
    public const string HostPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}
