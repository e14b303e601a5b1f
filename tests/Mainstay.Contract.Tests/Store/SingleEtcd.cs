using Xunit;

namespace Mainstay.Contract.Tests.Store;

/// <summary>One etcd member for all tests of a class.</summary>
public sealed class SingleEtcd : IAsyncLifetime
{
    internal EtcdHosts Hosts { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Hosts = await EtcdHosts.Start(1, tls: false);

    public async ValueTask DisposeAsync()
    {
        if (Hosts is not null)
            await Hosts.DisposeAsync();
    }
}
