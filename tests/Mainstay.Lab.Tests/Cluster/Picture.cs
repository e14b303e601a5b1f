using Mainstay.Contracts.Api;

namespace Mainstay.Lab.Tests.Cluster;

/// <summary>The guests at one moment: what the cluster says of them, and the life that writes to each disk.</summary>
internal sealed record Picture(StatusReply Status, IReadOnlyDictionary<string, ulong> Lives);
