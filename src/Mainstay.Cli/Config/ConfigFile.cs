using System.Text;
using Mainstay.Cli.Commands;

namespace Mainstay.Cli.Config;

/// <summary>A configuration file held against the cluster as it is.</summary>
/// <param name="Steps">What would have to be asked for, in order.</param>
internal sealed record ConfigFile(string Name, SnapshotFile Known, IReadOnlyList<ConfigStep> Steps)
{
    /// <summary>A larger file is none that people wrote, bytes.</summary>
    private const int MaxFile = 4 << 20;

    private const int MostShown = 50;

    /// <summary>
    /// Null when something is wrong with it, or the cluster does not answer: then the exit code. The cluster is read either way, so that
    /// unknown names are told together with what else is wrong.
    /// </summary>
    public static async Task<(ConfigFile? File, int Exit)> Load(Call call, FileInfo file, FileInfo? snapshot, CancellationToken cancel)
    {
        var (text, unreadable) = await Text(call, file, cancel);
        if (text is null)
            return (null, call.Fail(unreadable ?? CliFailure.Usage($"{file}: cannot be read")));
        var (wanted, reading) = ConfigReader.Read(text);
        var (known, failure) = await SnapshotFile.Load(call, snapshot, cancel);
        if (known is not null)
            reading.Problems.AddRange(ConfigNames.Unknown(known.View, wanted, reading.Mentions));
        if (reading.Problems.Count > 0)
            return (null, Complain(call, file.ToString(), reading.Problems));
        return known is null
            ? (null, call.Fail(failure ?? CliFailure.Usage("there is no snapshot")))
            : (new ConfigFile(file.ToString(), known, ConfigPlan.Of(known.View, wanted)), ExitCode.Done);
    }

    private static int Complain(Call call, string file, List<ConfigProblem> problems)
    {
        ConfigProblem[] ordered = [.. problems.OrderBy(problem => problem.Line).Distinct()];
        string[] lines = [.. ordered.Select(problem => $"{file}:{problem.Line}: {problem.Text}")];
        foreach (var line in lines.Take(MostShown))
            call.Progress(line);
        var count = lines.Length == 1 ? "1 error" : $"{lines.Length} errors";
        var shown = lines.Length > MostShown ? $", of which {MostShown} are shown" : "";
        var text = $"{file}: {count}{shown}; nothing was asked of the cluster.";
        call.Progress($"mainstay: {text}");
        if (call.Json)
            call.Print(new ConfigErrors { Text = text, Lines = ordered }, CliJson.Default.ConfigErrors);
        return ExitCode.BadInput;
    }

    private static async Task<(string? Text, CliFailure? Failure)> Text(Call call, FileInfo file, CancellationToken cancel)
    {
        try
        {
            if (file.ToString() == "-")
                return (await call.Terminal.In.ReadToEndAsync(cancel), null);
            if (file is { Exists: true, Length: > MaxFile })
                return (null, CliFailure.Usage($"{file}: larger than {MaxFile >> 20} MiB, so it is none. Name the right file."));
            return (await File.ReadAllTextAsync(file.FullName, new UTF8Encoding(false, throwOnInvalidBytes: true), cancel), null);
        }
        catch (DecoderFallbackException)
        {
            return (null, CliFailure.Usage($"{file}: is no text in UTF-8. Name the right file, or save it as UTF-8."));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, CliFailure.Usage($"{file}: cannot be read: {error.Message}"));
        }
    }
}
