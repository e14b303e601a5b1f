using System.Text.Json;
using Mainstay.Cli.Agent;
using Mainstay.Contracts.Api;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Cli.Commands;

/// <summary>What decisions stand on: taken from the cluster now, or read from a file that <c>mainstay snapshot</c> wrote.</summary>
internal sealed record SnapshotFile(SnapshotReply Reply, ClusterView View)
{
    /// <summary>A larger file is no snapshot, bytes: a hundred thousand guests take less.</summary>
    private const long MaxFile = 2L << 30;

    public string? Unfit(HostId host) => Reply.Unfit.GetValueOrDefault(host.Name);

    /// <summary>The snapshot, or why there is none.</summary>
    public static async Task<(SnapshotFile? Snapshot, CliFailure? Failure)> Load(Call call, FileInfo? file, CancellationToken cancel)
    {
        if (file is not null)
            return await Read(file, cancel);
        return await call.Agent.Get(ApiPaths.Snapshot, ApiJson.Default.SnapshotReply, call.Limit, cancel) switch
        {
            ApiAnswer<SnapshotReply>.Given given => Parse(given.Value, "the agent's answer"),
            ApiAnswer<SnapshotReply>.Failed failed => (null, failed.Failure),
            var other => throw new InvalidOperationException($"No such answer: {other}"),
        };
    }

    private static async Task<(SnapshotFile?, CliFailure?)> Read(FileInfo file, CancellationToken cancel)
    {
        try
        {
            if (file is { Exists: true, Length: > MaxFile })
                return (null, CliFailure.Usage($"{file}: larger than 2 GiB, so it is no snapshot. Name the right file."));
            await using var stream = file.OpenRead();
            var reply = await JsonSerializer.DeserializeAsync(stream, ApiJson.Default.SnapshotReply, cancel);
            return reply?.Kind == SnapshotReply.Form
                ? Parse(reply, file.ToString())
                : (null, CliFailure.Usage($"{file}: its kind is '{reply?.Kind}', not '{SnapshotReply.Form}'. Make one: mainstay snapshot"));
        }
        catch (JsonException error)
        {
            return (null, CliFailure.Usage($"{file}: is no snapshot: {error.Message} Make one: mainstay snapshot FILE"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, CliFailure.Usage($"{file}: cannot be read: {error.Message}"));
        }
    }

    private static (SnapshotFile?, CliFailure?) Parse(SnapshotReply reply, string from)
    {
        try
        {
            return (new SnapshotFile(reply, SnapshotText.Read(reply.Entries)), null);
        }
        catch (FormatException error)
        {
            return (null, CliFailure.Usage($"{from}: {error.Message}"));
        }
    }
}
