using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Mainstay.Core.Model;

namespace Mainstay.Fencing;

/// <summary>
/// Runs one program with text on standard input, within a limit, in a process group of its own that is killed as a whole (C15).
/// </summary>
internal static partial class ChildProcess
{
    private const int MostOutput = 64 * 1024;
    private const int Sigkill = 9;

    public static Task<ToolRun> Run(string program, string input, TimeSpan limit, CancellationToken cancel) =>
        Run(program, [], input, limit, cancel);

    public static async Task<ToolRun> Run(
        string program, ValueList<string> arguments, string input, TimeSpan limit, CancellationToken cancel)
    {
        // setsid makes the program the leader of a new group, under the same process id, so that grandchildren die with it.
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.ArgumentList.Add(program);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["LC_ALL"] = "C";
        start.Environment.Remove("NOTIFY_SOCKET");
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new ToolRun.NotStarted(e.Message);
        }

        var group = process.Id;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(limit);
        var output = ReadBounded(process.StandardOutput, deadline.Token);
        var errors = ReadBounded(process.StandardError, deadline.Token);
        try
        {
            await Feed(process.StandardInput, input, deadline.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
            return new ToolRun.Ended(process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            KillGroup(process, group);
            await ((Task)Task.WhenAll(output, errors)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancel.ThrowIfCancellationRequested();
            return new ToolRun.TimedOut(errors.IsCompletedSuccessfully ? await errors.ConfigureAwait(false) : "");
        }
    }

    private static async Task Feed(StreamWriter to, string input, CancellationToken cancel)
    {
        try
        {
            await to.WriteAsync(input.AsMemory(), cancel).ConfigureAwait(false);
            to.Close();
        }
        catch (IOException)
        {
            // It ended without reading its input; its exit code tells the rest.
        }
    }

    private static async Task<string> ReadBounded(StreamReader from, CancellationToken cancel)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        int read;
        while ((read = await from.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
            text.Append(buffer, 0, Math.Min(read, MostOutput - text.Length));
        return text.ToString();
    }

    private static void KillGroup(Process process, int group)
    {
        _ = Kill(-group, Sigkill);
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // Gone already.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
