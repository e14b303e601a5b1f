using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Mainstay.Core.Recovery;
using Mainstay.Engine.Ports;
using Mainstay.Hypervisor.Libvirt.Native;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>One watcher: a thread and a connection of its own, opened again for as long as it is watched.</summary>
internal sealed unsafe class LibvirtWatch : IDisposable
{
    private const int Limit = 4096;
    private const int LifecycleEvents = 0;
    /// <summary>libvirt says when the connection ends; this finds an end that was not said.</summary>
    private static readonly TimeSpan Check = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(1);
    private readonly BlockingCollection<LibvirtEvent> events = new(Limit);
    private readonly Channel<HypervisorNews> news = Channel.CreateBounded<HypervisorNews>(new BoundedChannelOptions(Limit));
    private readonly ManualResetEventSlim stop = new();
    private readonly LibvirtOptions options;
    private volatile bool eventsMissed;
    private bool newsMissed;

    internal LibvirtWatch(LibvirtOptions options)
    {
        this.options = options;
        new Thread(Run) { IsBackground = true, Name = "libvirt-watch" }.Start();
    }

    internal ChannelReader<HypervisorNews> News => news.Reader;

    /// <summary>Asks the thread to end; one inside a call that hangs ends with the call or with the process.</summary>
    public void Dispose()
    {
        stop.Set();
        events.TryAdd(LibvirtEvent.EndOfConnection(0));
    }

    private void Run()
    {
        var retry = FirstRetry;
        var told = false;
        while (!stop.IsSet)
        {
            string why;
            try
            {
                using var connection = LibvirtConnection.Open(options, watches: true);
                retry = FirstRetry;
                told = false;
                why = Listen(connection);
            }
            catch (LibvirtException failure)
            {
                why = failure.Message;
            }

            if (!told)
                Tell(new HypervisorNews.Disconnected(why));
            told = true;
            stop.Wait(retry);
            retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
        }

        news.Writer.TryComplete();
    }

    /// <summary>Passes on what happens until the connection ends; returns why it did.</summary>
    private string Listen(LibvirtConnection connection)
    {
        while (events.TryTake(out _))
        {
            // Of the connection before this one.
        }

        eventsMissed = false;
        LibvirtConnection.Check(LibvirtNative.virConnectRegisterCloseCallback(connection.Handle, &Closed, Pin(), &Unpin));
        var callback = -1;
        try
        {
            delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, int> changed = &Changed;
            callback = LibvirtConnection.Check(LibvirtNative.virConnectDomainEventRegisterAny(
                connection.Handle, 0, LifecycleEvents, (nint)changed, Pin(), &Unpin));
            Tell(new HypervisorNews.Connected());
            return PassOn(connection);
        }
        finally
        {
            // A failure here is that of a connection that has ended; the registrations end with it.
            if (callback >= 0)
                _ = LibvirtNative.virConnectDomainEventDeregisterAny(connection.Handle, callback);
            _ = LibvirtNative.virConnectUnregisterCloseCallback(connection.Handle, &Closed);
        }
    }

    private string PassOn(LibvirtConnection connection)
    {
        while (!stop.IsSet)
        {
            if (events.TryTake(out var seen, Check))
            {
                if (seen.IsEndOfConnection)
                    return seen.WhyClosed;
                if ((seen.NeedsState ? Look(connection, seen) : seen.Observation) is { } observation)
                    Tell(new HypervisorNews.GuestChanged(observation));
            }
            else if (!connection.IsAlive)
            {
                return "the connection to libvirtd failed";
            }

            if (newsMissed || eventsMissed)
            {
                eventsMissed = false;
                Tell(new HypervisorNews.Connected());
            }
        }

        return "the watch ended";
    }

    private static GuestObservation? Look(LibvirtConnection connection, LibvirtEvent seen)
    {
        try
        {
            using var domain = connection.FindByUuid(seen.Uuid);
            if (domain is null)
                return seen.Observation;
            var state = LibvirtConnection.StateOf(domain);
            return seen.Observed(state.RunState, state.LastStop);
        }
        catch (LibvirtException)
        {
            // What the event itself says is the best there is; after the reconnect the guests are listed anyway.
            return seen.Observation;
        }
    }

    /// <summary>News that find the channel full are replaced by one that makes the reader list the guests.</summary>
    private void Tell(HypervisorNews item)
    {
        if (newsMissed && !news.Writer.TryWrite(new HypervisorNews.Connected()))
            return;
        newsMissed = !news.Writer.TryWrite(item);
    }

    private nint Pin() => GCHandle.ToIntPtr(GCHandle.Alloc(this));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Unpin(nint opaque) => GCHandle.FromIntPtr(opaque).Free();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Closed(nint connection, int reason, nint opaque) => Of(opaque)?.Take(LibvirtEvent.EndOfConnection(reason));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Changed(nint connection, nint domain, int kind, int detail, nint opaque)
    {
        Of(opaque)?.Take(new LibvirtEvent(LibvirtNative.NameOf(domain), LibvirtNative.UuidOf(domain), kind, detail));
        return 0;
    }

    private static LibvirtWatch? Of(nint opaque) => GCHandle.FromIntPtr(opaque).Target as LibvirtWatch;

    /// <summary>On libvirt's thread: neither waits nor throws. A lost end of the connection is found by the regular check.</summary>
    private void Take(LibvirtEvent seen) => eventsMissed |= !events.TryAdd(seen);
}
