using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Mainstay.Lab.Control;
using Mainstay.Lab.Hosts;
using Mainstay.Lab.Power;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab;

/// <summary>
/// The one process that holds a lab: it makes hosts, BMCs and cables, and removes them when it is told to or asked to end.
/// </summary>
internal static class LabSupervisor
{
    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(30);

    /// <summary>Runs until the lab goes down; <paramref name="stateDirectory"/> holds its options.</summary>
    public static async Task<int> Run(string stateDirectory, CancellationToken cancel)
    {
        var layout = new LabLayout(Load(stateDirectory));
        Posix.RedirectOutput(layout.LogFile);
        using var held = Hold(layout);
        Environment.SetEnvironmentVariable(LabLayout.EnvironmentName, layout.Options.StateDirectory);
        using var down = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => GoDown(signal, down));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => GoDown(signal, down));
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => GoDown(signal, down));

        await Leftovers.Remove(layout.Options.StateDirectory, layout.MadeFile, down.Token).ConfigureAwait(false);
        var made = new MadeThings(layout.MadeFile);
        await using var rack = new LabRack(layout, made);
        try
        {
            await rack.Create(down.Token).ConfigureAwait(false);
            await Serve(layout, rack, down).ConfigureAwait(false);
            return 0;
        }
        catch (OperationCanceledException) when (down.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            using var limit = new CancellationTokenSource(RemovalLimit);
            await rack.PowerOffAll(limit.Token).ConfigureAwait(false);
            await Leftovers.Remove(layout.Options.StateDirectory, layout.MadeFile, limit.Token).ConfigureAwait(false);
            File.Delete(layout.ControlSocket);
        }
    }

    private static async Task Serve(LabLayout layout, LabRack rack, CancellationTokenSource down)
    {
        var desk = new PowerDesk(IPAddress.Parse(layout.RunnerAddress), rack).Serve(down.Token);
        var control = new ControlServer(layout, rack, down.Cancel).Serve(down.Token);
        // Either ends only with the lab, or by a failure: then the other one must end too.
        await Task.WhenAny(desk, control).ConfigureAwait(false);
        await down.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(desk, control).ConfigureAwait(false);
    }

    public static LabOptions Load(string stateDirectory)
    {
        var file = Path.Combine(stateDirectory, "lab.json");
        if (!File.Exists(file))
            throw new LabException($"There is no lab in {stateDirectory}. Start one with 'mainstay lab up'.");
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(file), LabJson.Default.LabOptions)
                ?? throw new LabException($"{file} is empty. Remove {stateDirectory} and start again.");
        }
        catch (JsonException wrong)
        {
            throw new LabException($"{file}: {wrong.Message} Remove {stateDirectory} and start again.", wrong);
        }
    }

    /// <summary>The lock ends with the process, however it ends.</summary>
    public static FileStream Hold(LabLayout layout)
    {
        try
        {
            return new FileStream(layout.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException busy)
        {
            throw new LabException($"The lab '{layout.Options.Name}' in {layout.Options.StateDirectory} is already up.", busy);
        }
    }

    private static void GoDown(PosixSignalContext signal, CancellationTokenSource down)
    {
        signal.Cancel = true;
        down.Cancel();
    }
}
