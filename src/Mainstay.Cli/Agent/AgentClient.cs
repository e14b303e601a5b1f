using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Agent;

/// <summary>Talks to the agent of this host: HTTP over its unix socket, every call with a limit.</summary>
internal sealed class AgentClient : IDisposable
{
    /// <summary>An answer above this size is no answer of ours, bytes.</summary>
    private const int MaxAnswer = 64 << 20;

    private readonly HttpClient http;
    private readonly string socket;

    public AgentClient(string socket)
    {
        this.socket = socket;
        var handler = new SocketsHttpHandler { ConnectCallback = Connect, UseProxy = false, AllowAutoRedirect = false };
        http = new HttpClient(handler)
        {
            BaseAddress = new Uri("http://agent"),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswer,
        };
    }

    public void Dispose() => http.Dispose();

    public async Task<ApiAnswer<T>> Get<T>(string path, JsonTypeInfo<T> type, TimeSpan limit, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        var exchange = await Exchange(request, limit, cancel);
        return exchange switch
        {
            ApiAnswer<RawAnswer>.Given { Value.Ok: true } given => Parse(given.Value.Body, type),
            ApiAnswer<RawAnswer>.Given given => new ApiAnswer<T>.Failed(ErrorOf(given.Value)),
            ApiAnswer<RawAnswer>.Failed failed => new ApiAnswer<T>.Failed(failed.Failure),
        };
    }

    public async Task<ApiAnswer<T>> Post<TBody, T>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, TimeSpan limit, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var exchange = await Exchange(request, limit, cancel);
        return exchange switch
        {
            ApiAnswer<RawAnswer>.Given { Value.Ok: true } given => Parse(given.Value.Body, type),
            // A request that was refused, or whose fate is unknown, is answered in its own form.
            ApiAnswer<RawAnswer>.Given { Value.HasOutcome: true } given => Parse(given.Value.Body, type),
            ApiAnswer<RawAnswer>.Given given => new ApiAnswer<T>.Failed(ErrorOf(given.Value)),
            ApiAnswer<RawAnswer>.Failed failed => new ApiAnswer<T>.Failed(failed.Failure),
        };
    }

    /// <summary>
    /// The lines of a stream as they come. Ends when the stream ends; an item that failed is the last one. A stream that is silent for
    /// longer than <paramref name="silence"/>, also of empty lines, has died.
    /// </summary>
    public async IAsyncEnumerable<ApiAnswer<EventEntry>> Events(
        string path, TimeSpan silence, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var alive = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        alive.CancelAfter(silence);
        var (response, failure) = await Open(request, alive, cancel);
        using var opened = response;
        if (response is null || failure is not null)
        {
            yield return new ApiAnswer<EventEntry>.Failed(failure ?? CliFailure.Unreachable($"{socket}: no answer."));
            yield break;
        }

        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        while (true)
        {
            alive.CancelAfter(silence);
            var (line, broken) = await NextLine(reader, silence, alive, cancel);
            if (broken is not null)
                yield return new ApiAnswer<EventEntry>.Failed(broken);
            if (line is null)
                yield break;
            if (line.Length > 0)
                yield return Parse(System.Text.Encoding.UTF8.GetBytes(line), ApiJson.Default.EventEntry);
        }
    }

    private async Task<(HttpResponseMessage? Response, CliFailure? Failure)> Open(
        HttpRequestMessage request, CancellationTokenSource alive, CancellationToken cancel)
    {
        try
        {
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, alive.Token);
            if (response.IsSuccessStatusCode)
                return (response, null);
            using (response)
                return (null, ErrorOf(new RawAnswer(response.StatusCode, await response.Content.ReadAsByteArrayAsync(alive.Token))));
        }
        catch (HttpRequestException error)
        {
            return (null, Unreachable(error));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, CliFailure.Late("The agent of this host did not answer in time. See: mainstay status"));
        }
    }

    private static async Task<(string? Line, CliFailure? Failure)> NextLine(
        StreamReader reader, TimeSpan silence, CancellationTokenSource alive, CancellationToken cancel)
    {
        try
        {
            return (await reader.ReadLineAsync(alive.Token), null);
        }
        catch (IOException error)
        {
            return (null, CliFailure.Unreachable($"The agent's stream broke off: {error.Message}"));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null,
                CliFailure.Late($"The agent hangs or was stopped: its stream was silent for {DurationText.Print(silence)}."));
        }
    }

    private async Task<ApiAnswer<RawAnswer>> Exchange(HttpRequestMessage request, TimeSpan limit, CancellationToken cancel)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limited.CancelAfter(limit);
        try
        {
            using var response = await http.SendAsync(request, limited.Token);
            var body = await response.Content.ReadAsByteArrayAsync(limited.Token);
            return new ApiAnswer<RawAnswer>.Given(new RawAnswer(response.StatusCode, body));
        }
        catch (HttpRequestException error)
        {
            return new ApiAnswer<RawAnswer>.Failed(Unreachable(error));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new ApiAnswer<RawAnswer>.Failed(CliFailure.Late(
                $"The agent of this host gave no answer within {DurationText.Type(limit)}. "
                + (request.Method == HttpMethod.Get ? "" : "It may or may not have been done: look at the status before asking again. ")
                + "Give it longer with --timeout, or look at: journalctl -u mainstay-agent"));
        }
    }

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancel);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ArgumentException)
        {
            connection.Dispose();
            throw;
        }
    }

    private CliFailure Unreachable(HttpRequestException error) => CliFailure.Unreachable(error.InnerException switch
    {
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            $"No permission to talk to the agent at {socket}. Run this as root, for example with sudo.",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
            $"The agent of this host does not run: nothing listens at {socket}. Start it: systemctl start mainstay-agent",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable or SocketError.NotSocket } or SocketException =>
            $"The agent of this host does not run: there is no socket {socket}. Start it: systemctl start mainstay-agent",
        _ => $"The agent at {socket} broke off the conversation: {error.Message} See: journalctl -u mainstay-agent",
    });

    private static ApiAnswer<T> Parse<T>(byte[] body, JsonTypeInfo<T> type)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, type) is { } value)
                return new ApiAnswer<T>.Given(value);
        }
        catch (JsonException error)
        {
            return new ApiAnswer<T>.Failed(NotUnderstood(error.Message));
        }

        return new ApiAnswer<T>.Failed(NotUnderstood("it is empty."));
    }

    private static CliFailure ErrorOf(RawAnswer answer) => Parse(answer.Body, ApiJson.Default.ErrorReply) switch
    {
        ApiAnswer<ErrorReply>.Given given => new CliFailure(given.Value.Error, given.Value.Text),
        ApiAnswer<ErrorReply>.Failed => answer.Status switch
        {
            HttpStatusCode.BadRequest => new("malformed", "The agent could not read the request (HTTP 400)."),
            HttpStatusCode.NotFound =>
                new("not_found", "The agent does not know this call (HTTP 404). See: mainstay version"),
            HttpStatusCode.GatewayTimeout => CliFailure.Late("The cluster gave the agent no answer in time (HTTP 504)."),
            _ => new("failed", $"The agent failed to answer (HTTP {(int)answer.Status}). See: journalctl -u mainstay-agent"),
        },
    };

    private static CliFailure NotUnderstood(string why) => new(
        "not_understood",
            $"The agent's answer could not be read: {why} See: mainstay version");

    /// <summary>Status and body of an answer, not yet read.</summary>
    private sealed record RawAnswer(HttpStatusCode Status, byte[] Body)
    {
        public bool Ok => Status == HttpStatusCode.OK;

        public bool HasOutcome
        {
            get
            {
                try
                {
                    using var document = JsonDocument.Parse(Body);
                    return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("outcome", out _);
                }
                catch (JsonException)
                {
                    return false;
                }
            }
        }
    }
}
