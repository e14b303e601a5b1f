using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Mainstay.Lab;

/// <summary>What a lab is made of. Two labs live side by side when their names and prefixes differ.</summary>
public sealed partial record LabOptions
{
    /// <summary>Names the bridges, links and tables; at most seven letters, because a link's name has fifteen.</summary>
    public string Name { get; init; } = "lab";

    public string StateDirectory { get; init; } = "/var/lib/mainstay-lab/lab";

    /// <summary>Things worth keeping between labs: libvirt's knowledge of QEMU, the Linux guest.</summary>
    public string CacheDirectory { get; init; } = "/var/cache/mainstay-lab";

    public IReadOnlyList<string> Hosts { get; init; } = ["n1", "n2", "n3"];

    /// <summary>A machine beside the hosts without libvirt and guests, which votes and observes; null when there is none.</summary>
    public string? Witness { get; init; }

    /// <summary>The hosts, and behind them the witness.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Machines => Witness is { } witness ? [.. Hosts, witness] : Hosts;

    /// <summary>The first three numbers of the management network; hosts are .1, .2, …, BMCs .101, .102, …, the runner .254.</summary>
    public string ManagementPrefix { get; init; } = "10.77.0";

    public string StoragePrefix { get; init; } = "10.78.0";

    /// <summary>Where mainstay, mainstay-agent and mainstay-beacon are looked for, in this order.</summary>
    public IReadOnlyList<string> ProgramDirectories { get; init; } = DefaultProgramDirectories();

    /// <summary>Hosts without Mainstay on them.</summary>
    public bool Bare { get; init; }

    /// <summary>Every host has a watchdog that resets it after this time unfed; null when they have none.</summary>
    public TimeSpan? Watchdog { get; init; }

    /// <summary>Lines added to every host's qemu.conf.</summary>
    public IReadOnlyList<string> QemuSettings { get; init; } = [];

    public LabOptions Validated()
    {
        if (!LabName().IsMatch(Name))
            throw new LabException($"The lab's name '{Name}' must be one to seven small letters or digits and begin with a letter.");
        foreach (var prefix in new[] { ManagementPrefix, StoragePrefix })
        {
            if (!Prefix().IsMatch(prefix))
                throw new LabException($"The network prefix '{prefix}' must be three numbers, such as 10.77.0.");
        }

        if (ManagementPrefix == StoragePrefix)
            throw new LabException($"Both networks have the prefix {StoragePrefix}; give them different ones.");
        if (Hosts.Count is < 1 or > 9)
            throw new LabException($"A lab has one to nine hosts, not {Hosts.Count}.");
        if (Machines.Distinct(StringComparer.Ordinal).Count() != Machines.Count
            || Machines.FirstOrDefault(host => !HostName().IsMatch(host)) is not null)
            throw new LabException($"The host names '{string.Join(", ", Machines)}' must differ and be small letters, digits and dashes.");
        if (Watchdog is { TotalSeconds: < 1 or > 60 } limit)
            throw new LabException($"A watchdog resets after 1 to 60 seconds, not {limit.TotalSeconds}.");
        return Path.IsPathFullyQualified(StateDirectory)
            ? this
            : throw new LabException($"The state directory '{StateDirectory}' must be a full path.");
    }

    /// <summary>The state directory that a lab of this name has when none is given.</summary>
    public static string DefaultStateDirectory(string name) => Path.Combine("/var/lib/mainstay-lab", name);

    private static string[] DefaultProgramDirectories() =>
    [
        .. (Environment.GetEnvironmentVariable("MAINSTAY_BIN") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries),
        AppContext.BaseDirectory,
    ];

    [GeneratedRegex("^[a-z][a-z0-9]{0,6}$")]
    private static partial Regex LabName();

    [GeneratedRegex(@"^\d{1,3}\.\d{1,3}\.\d{1,3}$")]
    private static partial Regex Prefix();

    [GeneratedRegex("^[a-z][a-z0-9-]{0,14}$")]
    private static partial Regex HostName();
}
