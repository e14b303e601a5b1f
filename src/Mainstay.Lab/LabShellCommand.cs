using System.CommandLine;
using System.Diagnostics;

namespace Mainstay.Lab;

/// <summary><c>mainstay lab shell</c> and <c>lab exec</c>: a terminal, or one command, on a host.</summary>
internal static class LabShellCommand
{
    public static Command BuildShell(Option<string> name)
    {
        var host = new Argument<string>("host");
        var command = new Argument<string[]>("command")
            { Arity = ArgumentArity.ZeroOrMore, Description = "Run this instead of an interactive shell." };
        var shell = new Command("shell", "Open a shell on a host.") { host, command };
        shell.SetAction((parsed, cancel) => LabCommands.With(parsed, name, lab =>
            Enter(lab, parsed.GetRequiredValue(host), parsed.GetValue(command) is { Length: > 0 } words
                ? words : [$"PS1={parsed.GetRequiredValue(host)}:\\w# ", "bash", "--norc"], cancel), cancel));
        return shell;
    }

    public static Command BuildExec(Option<string> name)
    {
        var host = new Argument<string>("host");
        var command = new Argument<string[]>("command") { Arity = ArgumentArity.OneOrMore };
        var exec = new Command("exec", "Run a command on a host, for example: mainstay lab exec n1 -- virsh list") { host, command };
        exec.SetAction((parsed, cancel) => LabCommands.With(parsed, name, lab =>
            Enter(lab, parsed.GetRequiredValue(host), parsed.GetRequiredValue(command), cancel), cancel));
        return exec;
    }

    /// <summary>The command has this terminal; its exit code is ours.</summary>
    private static async Task<int> Enter(LabCluster lab, string host, IReadOnlyList<string> command, CancellationToken cancel)
    {
        var arguments = await lab.EnterArguments(host, command, cancel).ConfigureAwait(false);
        using var process = Process.Start(new ProcessStartInfo("nsenter", arguments))
            ?? throw new LabException("nsenter could not be started.");
        // Ctrl-C reaches the command by itself; it decides what that means.
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return process.ExitCode;
    }
}
