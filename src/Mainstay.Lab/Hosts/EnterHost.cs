using System.Globalization;

namespace Mainstay.Lab.Hosts;

/// <summary>Writes the nsenter command line that puts a command among a host's own processes, with the host's environment.</summary>
internal static class EnterHost
{
    public static IReadOnlyList<string> Arguments(int initPid, IReadOnlyList<string> command) =>
    [
        "-t", initPid.ToString(CultureInfo.InvariantCulture), "-n", "-m", "-p", "-u", "-i", "-C", "--",
        "env", "PATH=" + HostMachine.HostPath, "HOME=/root", "TMPDIR=/run/tmp", .. command,
    ];
}
