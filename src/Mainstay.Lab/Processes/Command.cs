using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Mainstay.Lab.Processes;

/// <summary>Runs a child process to its end, within a limit, with its output captured.</summary>
internal static class Command
{
    private const int OutputLimit = 4 * 1024 * 1024;

    public static Task<CommandOutcome> Run(string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancel) =>
        Run(program, arguments, "", limit, cancel);

    public static async Task<CommandOutcome> Run(
        string program, IReadOnlyList<string> arguments, string input, TimeSpan limit, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process;
        try
        {
            process = Process.Start(start) ?? throw new LabException($"{program} did not start.");
        }
        catch (Win32Exception missing)
        {
            return new CommandOutcome.NotStarted($"{program}: {missing.Message}");
        }

        using (process)
        {
            using var watch = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            watch.CancelAfter(limit);
            var output = Collect(process.StandardOutput, watch.Token);
            var errors = Collect(process.StandardError, watch.Token);
            try
            {
                await Feed(process, input, watch.Token).ConfigureAwait(false);
                await process.WaitForExitAsync(watch.Token).ConfigureAwait(false);
                return new CommandOutcome.Exited(process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancel.ThrowIfCancellationRequested();
                return new CommandOutcome.TimedOut(limit, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
            }
        }
    }

    private static async Task Feed(Process process, string input, CancellationToken cancel)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancel).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The child may end without reading what it was given; its exit code tells the rest.
        }
    }

    /// <summary>Reads to the end, or to what was there when the limit struck: a grandchild may hold the pipe open for ever.</summary>
    private static async Task<string> Collect(StreamReader reader, CancellationToken cancel)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        try
        {
            int read;
            while (text.Length < OutputLimit && (read = await reader.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
                text.Append(buffer, 0, read);
        }
        catch (OperationCanceledException)
        {
            // What arrived so far is the answer.
        }

        return text.ToString().TrimEnd('\n', '\r');
    }
}
