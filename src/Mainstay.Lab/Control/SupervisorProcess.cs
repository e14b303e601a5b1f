using System.Diagnostics;
using System.Text.Json;
using Mainstay.Lab.Hosts;

namespace Mainstay.Lab.Control;

/// <summary>Starts and ends the process that holds a lab.</summary>
internal static class SupervisorProcess
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(40);
    private const string Detach = "exec \"$@\" </dev/null >>\"$0\" 2>&1";

    public static async Task<ControlConnection> Start(LabLayout layout, CancellationToken cancel)
    {
        var options = layout.Options;
        if (await Asked(layout, "status", cancel).ConfigureAwait(false))
            throw new LabException($"The lab '{options.Name}' is already up. End it with 'mainstay lab down --name {options.Name}'.");
        // An earlier supervisor may have been killed: what it left is removed before its list and its files are overwritten.
        await End(options.StateDirectory, cancel).ConfigureAwait(false);
        Directory.CreateDirectory(options.StateDirectory);
        File.WriteAllText(layout.OptionsFile, JsonSerializer.Serialize(options, LabJson.Default.LabOptions));
        using var process = Process.Start(StartInfo(layout)) ?? throw new LabException("The lab's supervisor could not be started.");
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < StartLimit;)
        {
            if (await ControlConnection.Open(layout, cancel).ConfigureAwait(false) is { } connection)
                return connection;
            if (process.HasExited)
                throw new LabException($"The lab's supervisor ended at once: {LastLines(layout.LogFile)}");
            await Task.Delay(10, cancel).ConfigureAwait(false);
        }

        process.Kill();
        throw new LabException($"The lab's supervisor did not answer within {StartLimit.TotalSeconds:0} s: {LastLines(layout.LogFile)}");
    }

    /// <summary>Asks the supervisor to end, waits for its lock, removes what is left and the directory.</summary>
    public static async Task<bool> End(string stateDirectory, CancellationToken cancel)
    {
        if (!File.Exists(Path.Combine(stateDirectory, "lab.json")))
            return false;
        var layout = new LabLayout(LabSupervisor.Load(stateDirectory));
        await Asked(layout, "down", cancel).ConfigureAwait(false);
        using (await WaitForLock(layout, cancel).ConfigureAwait(false))
        {
            await Leftovers.Remove(stateDirectory, layout.MadeFile, cancel).ConfigureAwait(false);
            Directory.Delete(stateDirectory, recursive: true);
        }

        return true;
    }

    /// <summary>False when no supervisor answered; a dying one still accepts connections.</summary>
    private static async Task<bool> Asked(LabLayout layout, string verb, CancellationToken cancel)
    {
        using var connection = await ControlConnection.Open(layout, cancel).ConfigureAwait(false);
        if (connection is null)
            return false;
        try
        {
            await connection.Ask(new LabRequest { Verb = verb }, cancel).ConfigureAwait(false);
            return true;
        }
        catch (LabException)
        {
            return false;
        }
    }

    private static async Task<FileStream> WaitForLock(LabLayout layout, CancellationToken cancel)
    {
        for (var waited = Stopwatch.StartNew(); ;)
        {
            try
            {
                return LabSupervisor.Hold(layout);
            }
            catch (LabException) when (waited.Elapsed < EndLimit)
            {
                await Task.Delay(10, cancel).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// A session of its own: Ctrl-C at the terminal is for the program that asked, not for the lab. And output of its own from its first
    /// instruction on: the runtime keeps copies of what it inherited, so whoever reads our output through a pipe would wait for the lab's
    /// end.
    /// </summary>
    private static ProcessStartInfo StartInfo(LabLayout layout)
    {
        var options = layout.Options;
        var self = Environment.ProcessPath ?? "";
        // Under the dotnet host the program is an assembly; then, and in a test runner, the program beside it is taken.
        var program = Path.GetFileName(self) == "mainstay" ? self
            : ProgramLinks.Find(options, "mainstay") ?? throw new LabException(
                $"The program 'mainstay' is not in {string.Join(" or ", options.ProgramDirectories)}. "
                + "Build it, or set MAINSTAY_BIN to its directory.");
        return new ProcessStartInfo("setsid",
            ["sh", "-c", Detach, layout.LogFile, program, "lab", "supervise", options.StateDirectory]) { WorkingDirectory = "/" };
    }

    private static string LastLines(string file) =>
        File.Exists(file) ? string.Join(' ', File.ReadLines(file).TakeLast(5)) : "no log was written";
}
