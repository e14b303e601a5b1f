using System.Threading.Channels;
using Mainstay.Engine.Ports;
using Mainstay.Store.Etcd.Wire;

namespace Mainstay.Store.Etcd.Client;

/// <summary>Says when linearizable requests stop and begin to be answered, and leads requests back to the preferred endpoint.</summary>
internal sealed class EtcdProbe(EtcdConnection connection, EtcdStoreOptions options, ChannelWriter<StoreNews> news)
{
    /// <summary>Between two probes while nothing is answered: the return of the quorum is noticed at once.</summary>
    private static readonly TimeSpan EveryWhileUnreachable = TimeSpan.FromMilliseconds(50);

    /// <summary>A preferred endpoint that failed is tried again after this time.</summary>
    private static readonly TimeSpan TryPreferredAfter = TimeSpan.FromSeconds(2);

    public async Task Run(CancellationToken cancel)
    {
        bool? reachable = null;
        while (!cancel.IsCancellationRequested)
        {
            var seen = await connection.Read(EtcdCalls.Probe, options.CallLimit, cancel).ConfigureAwait(false);
            if (cancel.IsCancellationRequested)
                return;
            if (seen is Attempt<RangeResponse>.Failed failed && reachable != false)
            {
                reachable = false;
                await news.WriteAsync(new StoreNews.Unreachable(failed.Why), cancel).ConfigureAwait(false);
            }
            else if (seen is Attempt<RangeResponse>.Answered && reachable != true)
            {
                reachable = true;
                await news.WriteAsync(new StoreNews.Reachable(), cancel).ConfigureAwait(false);
            }
            await ReturnToPreferred(cancel).ConfigureAwait(false);
            await EtcdConnection.Pause(reachable == true ? options.ProbeEvery : EveryWhileUnreachable, cancel).ConfigureAwait(false);
        }
    }

    private async Task ReturnToPreferred(CancellationToken cancel)
    {
        var preferred = connection.Preferred;
        if (connection.Current == preferred || preferred.SinceFailure < TryPreferredAfter)
            return;
        if (await preferred.Try(EtcdCalls.Probe, options.ProbeEvery, cancel).ConfigureAwait(false) is Attempt<RangeResponse>.Answered)
            connection.Settle(preferred);
        else
            preferred.MarkFailed();
    }
}
