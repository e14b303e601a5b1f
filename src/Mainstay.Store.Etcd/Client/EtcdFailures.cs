using Grpc.Core;

namespace Mainstay.Store.Etcd.Client;

/// <summary>Reads etcd's and gRPC's ways of failing.</summary>
internal static class EtcdFailures
{
    public static Attempt<T>.Failed Classify<T>(RpcException failure, Uri endpoint)
    {
        var where = endpoint.Authority;
        if (NotConnectedException.In(failure.Status.DebugException) is { } unsent)
            return new Attempt<T>.Failed(Failure.NotSent, unsent.Message);
        var detail = failure.Status.Detail;
        return Kind(failure.StatusCode, detail) switch
        {
            Failure.TimedOut => new Attempt<T>.Failed(Failure.TimedOut, $"{where} did not answer in time"),
            Failure.Lost when failure.Status.DebugException is { } cause =>
                new Attempt<T>.Failed(Failure.Lost, $"the connection to {where} broke: {cause.GetBaseException().Message}"),
            var kind => new Attempt<T>.Failed(kind, $"{where}: {detail}"),
        };
    }

    private static Failure Kind(StatusCode code, string detail) => code switch
    {
        StatusCode.DeadlineExceeded or StatusCode.Cancelled => Failure.TimedOut,
        // etcd reports the end of a deadline that travelled to it, while it had no quorum, as "Unknown".
        StatusCode.Unknown when detail.Contains("deadline exceeded", StringComparison.Ordinal) => Failure.TimedOut,
        StatusCode.Unavailable when detail.Contains("leader changed", StringComparison.Ordinal) => Failure.LeaderChanged,
        StatusCode.Unavailable when detail.Contains("request timed out", StringComparison.Ordinal) => Failure.TimedOut,
        StatusCode.Unavailable when detail.Contains("unhealthy cluster", StringComparison.Ordinal) => Failure.Refused,
        // Turned away at the door: a learner serves neither linearizable reads nor writes.
        StatusCode.Unavailable or StatusCode.FailedPrecondition
            when detail.Contains("not supported for learner", StringComparison.Ordinal) => Failure.NotSent,
        StatusCode.OutOfRange when detail.Contains("compacted", StringComparison.Ordinal) => Failure.Compacted,
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.NotFound or StatusCode.ResourceExhausted
            or StatusCode.OutOfRange or StatusCode.PermissionDenied or StatusCode.Unauthenticated => Failure.Refused,
        _ => Failure.Lost,
    };
}
