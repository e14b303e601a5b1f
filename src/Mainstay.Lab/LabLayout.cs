using Mainstay.Lab.Hosts;

namespace Mainstay.Lab;

/// <summary>Where everything of a lab is and what it is called.</summary>
internal sealed class LabLayout
{
    /// <summary>Where the BMCs' scripts and the fence agent reach the supervisor, on the runner's management address.</summary>
    public const int PowerPort = 7799;

    /// <summary>Every process of a lab carries this setting, so that none can be lost from sight.</summary>
    public const string EnvironmentName = "MAINSTAY_LAB_STATE";

    public LabLayout(LabOptions options)
    {
        Options = options.Validated();
        Hosts = [.. options.Machines.Select((name, index) => new HostPlan(this, name, index + 1))];
    }

    public LabOptions Options { get; }

    /// <summary>The witness is the last one.</summary>
    public IReadOnlyList<HostPlan> Hosts { get; }

    /// <summary>How many members of the store vote when all is well.</summary>
    public int Voters => Hosts.Count switch { <= 2 => 1, <= 4 => 3, _ => 5 };

    public string ManagementBridge => Options.Name + "mgmt";

    public string StorageBridge => Options.Name + "stor";

    public string RunnerAddress => Options.ManagementPrefix + ".254";

    public string RunnerStorageAddress => Options.StoragePrefix + ".254";

    public string FaultTable => "mainstay_" + Options.Name;

    public string EnvironmentSetting => EnvironmentName + "=" + Options.StateDirectory;

    public string ControlSocket => Path.Combine(Options.StateDirectory, "control.sock");

    public string LockFile => Path.Combine(Options.StateDirectory, "lock");

    public string OptionsFile => Path.Combine(Options.StateDirectory, "lab.json");

    public string LogFile => Path.Combine(Options.StateDirectory, "supervisor.log");

    public string MadeFile => Path.Combine(Options.StateDirectory, "made");

    public string SharedDirectory => Path.Combine(Options.StateDirectory, "shared");

    public string ProgramDirectory => Path.Combine(Options.StateDirectory, "sbin");

    public HostPlan Host(string name) =>
        Hosts.FirstOrDefault(host => host.Name == name)
        ?? throw new LabException($"There is no host '{name}'; this lab has {string.Join(", ", Options.Machines)}.");
}
