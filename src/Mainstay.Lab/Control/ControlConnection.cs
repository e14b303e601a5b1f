using System.Net.Sockets;
using System.Text.Json;

namespace Mainstay.Lab.Control;

/// <summary>A conversation with the lab's supervisor; one request at a time.</summary>
internal sealed class ControlConnection : IDisposable
{
    private static readonly TimeSpan ReplyLimit = TimeSpan.FromSeconds(90);

    private readonly NetworkStream stream;
    private readonly StreamReader reader;
    private readonly StreamWriter writer;

    private ControlConnection(Socket socket)
    {
        stream = new NetworkStream(socket, ownsSocket: true);
        reader = new StreamReader(stream);
        writer = new StreamWriter(stream) { AutoFlush = true };
    }

    /// <summary>Null when no supervisor listens there.</summary>
    public static async Task<ControlConnection?> Open(LabLayout layout, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(layout.ControlSocket), cancel).ConfigureAwait(false);
            return new ControlConnection(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    public async Task<LabReply> Ask(LabRequest request, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ReplyLimit);
        try
        {
            await writer.WriteLineAsync(JsonSerializer.Serialize(request, LabJson.Default.LabRequest).AsMemory(), limit.Token)
                .ConfigureAwait(false);
            var line = await reader.ReadLineAsync(limit.Token).ConfigureAwait(false)
                ?? throw new LabException("The lab's supervisor ended. Its log is supervisor.log in the lab's directory.");
            var reply = JsonSerializer.Deserialize(line, LabJson.Default.LabReply) ?? new LabReply { Error = "An empty answer." };
            return reply.Error is null ? reply : throw new LabException(reply.Error);
        }
        catch (IOException gone)
        {
            throw new LabException("The lab's supervisor ended. Its log is supervisor.log in the lab's directory.", gone);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new LabException($"The lab's supervisor did not answer '{request.Verb}' within {ReplyLimit.TotalSeconds:0} s.");
        }
    }

    public void Dispose()
    {
        writer.Dispose();
        reader.Dispose();
        stream.Dispose();
    }
}
