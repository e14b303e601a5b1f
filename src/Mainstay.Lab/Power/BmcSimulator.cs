using System.Diagnostics;
using Mainstay.Lab.Hosts;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Power;

/// <summary>The IPMI controller of one host: an ipmi_sim of its own, on an address of the runner, so that it outlives the host.</summary>
internal sealed class BmcSimulator(HostPlan host, LabNetwork network, MadeThings made)
{
    public const string User = "admin";
    public const string Password = "labpass";

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    private Process? process;

    private string Directory => Path.Combine(host.Directory, "bmc");

    public async Task Start(string password, CancellationToken cancel)
    {
        await network.AddBmcAddress(host, cancel).ConfigureAwait(false);
        var script = Path.Combine(Directory, "chassis");
        LabResource.WriteScript("chassis.sh", script);
        File.WriteAllText(Path.Combine(Directory, "lan.conf"), Settings(script, password));
        File.WriteAllText(Path.Combine(Directory, "sim.emu"), Emulation);
        process = Process.Start(new ProcessStartInfo("ipmi_sim",
        [
            "-c", Path.Combine(Directory, "lan.conf"), "-f", Path.Combine(Directory, "sim.emu"),
            "-s", Path.Combine(Directory, "state"), "-n",
        ])) ?? throw new LabException("ipmi_sim could not be started.");
        made.Process(process.Id);
    }

    public async Task Stop(CancellationToken cancel)
    {
        if (process is null)
            return;
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync(cancel).WaitAsync(EndLimit, cancel).ConfigureAwait(false);
        process.Dispose();
        process = null;
    }

    /// <summary>A BMC without power does not even refuse: its address is gone.</summary>
    public async Task Die(CancellationToken cancel)
    {
        if (process is null)
            return;
        await Stop(cancel).ConfigureAwait(false);
        await network.RemoveBmcAddress(host, cancel).ConfigureAwait(false);
    }

    private string Settings(string script, string password) =>
        $"""
        name "{host.Name}"
        set_working_mc 0x20
        startlan 1
          addr {host.BmcAddress} 623
          priv_limit admin
          allowed_auths_callback none md2 md5 straight
          allowed_auths_user none md2 md5 straight
          allowed_auths_operator none md2 md5 straight
          allowed_auths_admin none md2 md5 straight
          guid {host.Uuid.Replace("-", "", StringComparison.Ordinal)}
        endlan
        chassis_control "{script} {host.Lab.RunnerAddress} {LabLayout.PowerPort} {host.Name} 0x20"
        user 1 true "" "{password}" user 10 none md2 md5 straight
        user 2 true "{User}" "{password}" admin 10 none md2 md5 straight

        """;

    private const string Emulation =
        """
        mc_setbmc 0x20
        mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr
        mc_enable 0x20

        """;
}
