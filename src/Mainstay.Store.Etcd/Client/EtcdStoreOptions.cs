namespace Mainstay.Store.Etcd;

/// <summary>How the store reaches etcd and how long it waits.</summary>
public sealed record EtcdStoreOptions
{
    /// <summary>Client addresses, the preferred one (the local member) first. All http or, with <see cref="Tls"/>, all https.</summary>
    public required IReadOnlyList<Uri> Endpoints { get; init; }

    /// <summary>In front of every key, for example <c>/mainstay/3f2a/</c>; ends with a slash.</summary>
    public required string Prefix { get; init; }

    /// <summary>Needed for https endpoints. Disposed by its owner, not by the store.</summary>
    public EtcdTls? Tls { get; init; }

    /// <summary>After this time a call is Unknown.</summary>
    public TimeSpan CallLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Between two checks that linearizable requests are answered.</summary>
    public TimeSpan ProbeEvery { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Between two HTTP/2 pings while calls are open. Our members allow 1 s; an external etcd with default settings cuts
    /// connections that ping more often than every 5 s.
    /// </summary>
    public TimeSpan PingEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Throws when a setting cannot work; the message names the setting, the value and the mend.</summary>
    internal void Validate()
    {
        if (Endpoints.Count == 0)
            throw new ArgumentException("Endpoints is empty: name at least one etcd client address such as https://10.0.0.1:7782.");
        foreach (var endpoint in Endpoints)
            Check(endpoint);
        if (!Prefix.EndsWith('/'))
            throw new ArgumentException($"Prefix '{Prefix}' must end with '/': otherwise it would also cover foreign keys.");
        if (CallLimit < TimeSpan.FromMilliseconds(50) || CallLimit > TimeSpan.FromMinutes(1))
            throw new ArgumentException($"CallLimit {CallLimit} is out of range: choose between 50 ms and 1 min.");
    }

    internal void Check(Uri endpoint)
    {
        if (endpoint.Scheme is not ("http" or "https"))
            throw new ArgumentException($"Endpoint '{endpoint}' is neither http nor https: write it like https://10.0.0.1:7782.");
        if ((endpoint.Scheme == "https") != (Tls is not null))
            throw new ArgumentException($"Endpoint '{endpoint}' does not fit: https needs certificates (Tls), http must not have them.");
    }
}
