using System.Net.Sockets;
using System.Text.Json;
using Mainstay.Lab.Hosts;
using Mainstay.Lab.Power;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Control;

/// <summary>
/// Takes requests on the lab's socket, a line of JSON each. The connection that began the lab owns it until it says "keep":
/// if it closes before, its program has crashed or was interrupted, and the lab goes down with it.
/// </summary>
internal sealed class ControlServer(LabLayout layout, LabRack rack, Action goDown)
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(60);

    public async Task Serve(CancellationToken cancel)
    {
        File.Delete(layout.ControlSocket);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(layout.ControlSocket));
        listener.Listen(16);
        var open = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync(cancel).ConfigureAwait(false);
                open.RemoveAll(task => task.IsCompleted);
                open.Add(Converse(client, cancel));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open).ConfigureAwait(false);
        }
    }

    private async Task Converse(Socket client, CancellationToken cancel)
    {
        var owns = false;
        await using var stream = new NetworkStream(client, ownsSocket: true);
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream) { AutoFlush = true };
        try
        {
            while (await reader.ReadLineAsync(cancel).ConfigureAwait(false) is { } line)
            {
                var request = JsonSerializer.Deserialize(line, LabJson.Default.LabRequest) ?? throw new JsonException("An empty request.");
                owns = request.Verb switch { "own" => true, "keep" => false, _ => owns };
                var reply = await Answer(request, cancel).ConfigureAwait(false);
                await writer.WriteLineAsync(JsonSerializer.Serialize(reply, LabJson.Default.LabReply)).ConfigureAwait(false);
                if (request.Verb == "down")
                    goDown();
            }
        }
        catch (IOException)
        {
            // The other side went away; the owner's going is handled below.
        }
        catch (JsonException wrong)
        {
            Console.Error.WriteLine($"control: {wrong.Message}");
        }
        catch (OperationCanceledException)
        {
            // The lab ends.
        }

        if (owns)
            goDown();
    }

    private async Task<LabReply> Answer(LabRequest request, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(RequestLimit);
        try
        {
            return await Act(request, limit.Token).ConfigureAwait(false);
        }
        catch (LabException failure)
        {
            return new LabReply { Error = failure.Message };
        }
        catch (IOException failure)
        {
            return new LabReply { Error = failure.Message };
        }
        catch (TimeoutException failure)
        {
            return new LabReply { Error = failure.Message };
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new LabReply { Error = $"'{request.Verb}' did not end within {RequestLimit.TotalSeconds:0} s." };
        }
    }

    private async Task<LabReply> Act(LabRequest request, CancellationToken cancel)
    {
        var host = request.Host ?? "";
        switch (request.Verb)
        {
            case "start":
                await rack.Start(cancel).ConfigureAwait(false);
                break;
            case "kill":
                await rack.Kill(host, request.WithBmc, cancel).ConfigureAwait(false);
                break;
            case "revive":
                await rack.Switch(host, on: true, cancel).ConfigureAwait(false);
                break;
            case "hang":
                await rack.Hang(host, cancel).ConfigureAwait(false);
                break;
            case "resume" when request.Process is null:
                await rack.Resume(host, cancel).ConfigureAwait(false);
                break;
            case "pause" or "resume" or "kill-process" when request.Process is { } program:
                return new LabReply { Pids = rack.Signal(host, program, SignalOf(request.Verb)) };
            case "cut" when request.Cuts is { Count: > 0 } cuts:
                await rack.Cut(cuts, cancel).ConfigureAwait(false);
                break;
            case "heal":
                await rack.Heal(request.Host, cancel).ConfigureAwait(false);
                break;
            case "bmc" when request.Bmc is { } mode:
                await rack.SetBmc(host, new BmcSetting(mode, TimeSpan.FromSeconds(request.DelaySeconds)), cancel).ConfigureAwait(false);
                break;
            case "status":
                return new LabReply { Status = await rack.Status().ConfigureAwait(false) };
            case "own" or "keep" or "down":
                break;
            default:
                return new LabReply { Error = $"The lab's supervisor does not know '{request.Verb}'." };
        }

        return new LabReply();
    }

    private static int SignalOf(string verb) => verb switch
    {
        "pause" => Posix.Stop,
        "resume" => Posix.Continue,
        _ => Posix.Kill,
    };
}
