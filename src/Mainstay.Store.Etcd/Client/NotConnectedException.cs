namespace Mainstay.Store.Etcd.Client;

/// <summary>No connection was made: nothing of the request left this host.</summary>
internal sealed class NotConnectedException(string message, Exception inner) : IOException(message, inner)
{
    /// <summary>Finds it below the wrappers of the HTTP and gRPC layers; null when the failure has another cause.</summary>
    public static NotConnectedException? In(Exception? failure)
    {
        for (var at = failure; at is not null; at = at.InnerException)
            if (at is NotConnectedException found)
                return found;
        return null;
    }
}
