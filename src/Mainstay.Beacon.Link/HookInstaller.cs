using Mainstay.Contracts.Beacon;

namespace Mainstay.Beacon.Link;

/// <summary>
/// Puts the script that guards starts (S4) into libvirt's hook directory and leaves whatever hook the administrator has there alone.
/// </summary>
/// <remarks>
/// libvirt looks for hooks when its daemon starts and again when it reloads (SIGHUP); only the existence of any qemu hook is remembered,
/// the scripts themselves are found anew at each call. So the daemon must reload once after the first hook of a host was added; who does
/// that calls <see cref="Reloaded"/> then, so that a reload that did not happen is asked for again. Scripts in qemu.d need libvirt 6.5.
/// </remarks>
/// <param name="hooks">Normally /etc/libvirt/hooks.</param>
/// <param name="program">The full path of mainstay-beacon.</param>
public sealed class HookInstaller(string hooks, string program, BeaconPaths paths)
{
    public const string DefaultDirectory = "/etc/libvirt/hooks";

    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private string AdministratorsHook => Path.Combine(hooks, "qemu");

    /// <summary>Scripts in qemu.d run in the order of their names, after the administrator's own hook.</summary>
    private string Script => Path.Combine(hooks, "qemu.d", "50-mainstay");

    /// <summary>Idempotent. Throws IOException or UnauthorizedAccessException when the directory cannot be written.</summary>
    public HookInstallation Install()
    {
        var text = Text();
        if (File.Exists(Script) && File.ReadAllText(Script) == text && File.GetUnixFileMode(Script) == Executable)
            return new HookInstallation(Script, Changed: false, ReloadNeeded: !File.Exists(paths.HookInUse));
        if (!AnyHook() && File.Exists(paths.HookInUse))
            File.Delete(paths.HookInUse);
        Directory.CreateDirectory(Path.Combine(hooks, "qemu.d"));
        var fresh = Path.Combine(hooks, ".50-mainstay.new");
        File.WriteAllText(fresh, text);
        File.SetUnixFileMode(fresh, Executable);
        File.Move(fresh, Script, overwrite: true);
        return new HookInstallation(Script, Changed: true, ReloadNeeded: !File.Exists(paths.HookInUse));
    }

    /// <summary>libvirt has reloaded, or was started after the installation.</summary>
    public void Reloaded()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(paths.HookInUse) ?? "/");
        File.WriteAllText(paths.HookInUse, "");
    }

    /// <summary>For a host that leaves the cluster.</summary>
    public void Remove() => File.Delete(Script);

    private bool AnyHook()
    {
        var directory = Path.Combine(hooks, "qemu.d");
        return File.Exists(AdministratorsHook) || (Directory.Exists(directory) && Directory.EnumerateFiles(directory).Any());
    }

    /// <summary>
    /// What starts no guest ends in the shell, at a quarter of the cost. Without the program the script itself refuses what is listed as
    /// protected, so that a removed package neither blocks every guest of the host nor opens the protected ones.
    /// </summary>
    private string Text() => $"""
        #!/bin/sh
        # Installed by Mainstay: protected guests start only on the host that owns them. Remove with `mainstay leave`.
        {Export(BeaconPaths.RootVariable, paths.Root, "/")}{Export(BeaconPaths.PortVariable, paths.Port.ToString(
            System.Globalization.CultureInfo.InvariantCulture), "7781")}program={Quoted(program)}
        case "$2/$3" in prepare/begin | start/begin | restore/begin | migrate/begin | release/end) ;; *) exit 0 ;; esac
        [ -x "$program" ] && exec "$program" hook "$@"
        if cut -f2 {Quoted(paths.ProtectedList)} 2>/dev/null | grep -qxF -e "$1"; then
            echo "$1 is protected by Mainstay and cannot start now: $program is missing" >&2
            exit 1
        fi
        exit 0

        """;

    private static string Export(string name, string value, string usual) =>
        value == usual ? "" : $"export {name}={Quoted(value)}\n";

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
