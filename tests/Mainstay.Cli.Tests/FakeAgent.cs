using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Mainstay.Contracts;

namespace Mainstay.Cli.Tests;

/// <summary>Answers HTTP on a unix socket with what a test prepared, and keeps what it was asked.</summary>
internal sealed class FakeAgent : IAsyncDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("mainstay-cli-").FullName;
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource ended = new();
    private readonly Dictionary<string, Queue<(int Status, string? Body)>> answers = [];
    private readonly Task serving;

    public FakeAgent()
    {
        Files = new FileLayout(root);
        Directory.CreateDirectory(Files.Runtime);
        listener.Bind(new UnixDomainSocketEndPoint(Files.AgentSocket));
        listener.Listen();
        serving = Serve();
    }

    public FileLayout Files { get; }

    public ConcurrentQueue<(string Line, string Body)> Asked { get; } = [];

    /// <summary>Answers a path; given several times, one after the other, the last one for good. A null body never comes.</summary>
    public FakeAgent On(string path, string? body, int status = 200)
    {
        lock (answers)
        {
            if (!answers.TryGetValue(path, out var queue))
                answers[path] = queue = new();
            queue.Enqueue((status, body));
        }

        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        listener.Dispose();
        await serving;
        ended.Dispose();
        Directory.Delete(root, recursive: true);
    }

    private async Task Serve()
    {
        var talks = new List<Task>();
        try
        {
            while (true)
                talks.Add(Talk(await listener.AcceptAsync(ended.Token)));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(talks);
        }
    }

    private async Task Talk(Socket connection)
    {
        try
        {
            await using var stream = new NetworkStream(connection, ownsSocket: true);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            if (await reader.ReadLineAsync(ended.Token) is not { Length: > 0 } first)
                return; // The program under test gave up before it had asked.
            var length = 0;
            while (await reader.ReadLineAsync(ended.Token) is { Length: > 0 } header)
            {
                if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                    length = int.Parse(header.Split(':')[1], CultureInfo.InvariantCulture);
            }

            var body = new char[length];
            if (length > 0)
                await reader.ReadBlockAsync(body, ended.Token);
            Asked.Enqueue((first, new string(body)));
            var (status, answer) = AnswerTo(first.Split(' ')[1].Split('?')[0]);
            if (answer is null)
                await Task.Delay(Timeout.Infinite, ended.Token);
            var head = $"HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {Encoding.UTF8.GetByteCount(answer ?? "")}\r\n\r\n";
            await stream.WriteAsync(Encoding.UTF8.GetBytes(head + answer), ended.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The test is over, or the program under test had enough.
        }
    }

    private (int Status, string? Body) AnswerTo(string path)
    {
        lock (answers)
        {
            if (!answers.TryGetValue(path, out var queue))
                return (404, """{"error":"not_found","text":"no such path"}""");
            return queue.Count > 1 ? queue.Dequeue() : queue.Peek();
        }
    }
}
