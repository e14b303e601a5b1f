using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mainstay.Agent.Pki;
using Mainstay.Contracts.Api;
using Mainstay.Core.Model;

namespace Mainstay.Agent.Member;

/// <summary>
/// Calls to the other agents over mutual TLS. A host is tried at all its addresses at once; the first that connects is used.
/// </summary>
internal sealed class Peers : IDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(1);
    private readonly HttpClient client;

    public Peers(ClusterTrust trust)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = trust.ClientOptions(),
            ConnectTimeout = ConnectLimit,
            UseProxy = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        };
        client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = 16 * 1024 * 1024 };
    }

    public Task<PeerAnswer<T>> Get<T>(HostConfig host, string path, JsonTypeInfo<T> type, TimeSpan limit, CancellationToken cancel)
        where T : class =>
        Call(host, uri => new HttpRequestMessage(HttpMethod.Get, uri), path, type, limit, cancel);

    public Task<PeerAnswer<T>> Post<T>(
        HostConfig host, string path, ReadOnlyMemory<byte> body, JsonTypeInfo<T> type, TimeSpan limit, CancellationToken cancel)
        where T : class =>
        Call(host, uri => new HttpRequestMessage(HttpMethod.Post, uri) { Content = Json(body) }, path, type, limit, cancel);

    /// <summary>
    /// The lines of a stream; an empty one is a sign of life. Ends when the stream does; throws HttpRequestException or IOException when it
    /// breaks, or when nothing at all comes for <paramref name="silence"/>.
    /// </summary>
    public async IAsyncEnumerable<string> Lines(
        HostConfig host,
        string path,
        TimeSpan silence,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        using var alive = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var answer = await Patient(
            c => client.GetAsync(Uri(host, host.Addresses[0], path), HttpCompletionOption.ResponseHeadersRead, c), alive, silence, cancel)
                .ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
        using var text = new StreamReader(await answer.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false));
        while (await Patient(c => text.ReadLineAsync(c).AsTask(), alive, silence, cancel).ConfigureAwait(false) is { } line)
            yield return line;
    }

    public void Dispose() => client.Dispose();

    private static Uri Uri(HostConfig host, string address, string path) => new(new UriBuilder("https", address, host.ApiPort).Uri, path);

    private static async Task<T> Patient<T>(
        Func<CancellationToken, Task<T>> wait, CancellationTokenSource alive, TimeSpan silence, CancellationToken cancel)
    {
        alive.CancelAfter(silence);
        try
        {
            return await wait(alive.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new IOException($"nothing came for {silence.TotalSeconds:0.#} s", e);
        }
    }

    private static ByteArrayContent Json(ReadOnlyMemory<byte> body)
    {
        var content = new ByteArrayContent(body.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private static T? TryRead<T>(byte[] body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<PeerAnswer<T>> Call<T>(
        HostConfig host, Func<Uri, HttpRequestMessage> message, string path, JsonTypeInfo<T> type, TimeSpan limit, CancellationToken cancel)
        where T : class
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(limit);
        PeerAnswer<T> last = new PeerAnswer<T>.Silent("it has no address");
        foreach (var address in host.Addresses)
        {
            last = await Once(message(Uri(host, address, path)), type, limit, deadline.Token, cancel).ConfigureAwait(false);
            if (last is not PeerAnswer<T>.Silent)
                return last;
        }

        return last;
    }

    private async Task<PeerAnswer<T>> Once<T>(
        HttpRequestMessage message, JsonTypeInfo<T> type, TimeSpan limit, CancellationToken deadline, CancellationToken cancel)
        where T : class
    {
        try
        {
            using (message)
            using (var answer = await client.SendAsync(message, deadline).ConfigureAwait(false))
            {
                var body = await answer.Content.ReadAsByteArrayAsync(deadline).ConfigureAwait(false);
                if (answer.IsSuccessStatusCode && JsonSerializer.Deserialize(body, type) is { } value)
                    return new PeerAnswer<T>.Answered(value);
                // A request that was refused is answered in the form that was asked for, with its reason; a fault has a form of its own.
                if (TryRead(body, ApiJson.Default.ErrorReply) is { } error)
                    return new PeerAnswer<T>.Refused(error.Text);
                return TryRead(body, type) is { } refused
                    ? new PeerAnswer<T>.Answered(refused)
                    : new PeerAnswer<T>.Refused($"status {(int)answer.StatusCode}");
            }
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return new PeerAnswer<T>.NotRunning();
        }
        catch (HttpRequestException e)
        {
            return new PeerAnswer<T>.Silent(e.InnerException?.Message ?? e.Message);
        }
        catch (JsonException e)
        {
            return new PeerAnswer<T>.Refused($"its answer is damaged: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new PeerAnswer<T>.Silent($"no answer within {limit.TotalSeconds:0.#} s");
        }
    }
}
