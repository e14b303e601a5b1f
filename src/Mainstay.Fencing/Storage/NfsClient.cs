namespace Mainstay.Fencing.Storage;

/// <summary>A client of an NFS server, from a line of <c>/proc/fs/nfsd/clients/ID/info</c>.</summary>
internal sealed record NfsClient(string Id, string Address)
{
    /// <summary>Null when the line is none: <c>…/clients/5/info:address: "10.2.0.1:963"</c>, or with <c>"[fe80::1]:963"</c>.</summary>
    public static NfsClient? Parse(string line)
    {
        var parts = line.Split("/info:", 2);
        if (parts.Length != 2 || parts[1].Split('"') is not [_, var address, ..])
            return null;
        var port = address.LastIndexOf(':');
        return new NfsClient(parts[0].Split('/')[^1], (port < 0 ? address : address[..port]).Trim('[', ']'));
    }
}
