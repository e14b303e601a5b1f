using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mainstay.Lab.Power;

/// <summary>
/// Answers the BMCs' scripts (<c>bmc HOST get|set|check …</c>) and the lab's fence agent (<c>fence ACTION HOST</c>): one line in,
/// the answer out, on the runner's management address.
/// </summary>
internal sealed class PowerDesk(IPAddress address, IPowerSwitch power)
{
    private const int LongestLine = 512;
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(60);

    public async Task Serve(CancellationToken cancel)
    {
        using var listener = new TcpListener(address, LabLayout.PowerPort);
        listener.Start();
        var open = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(cancel).ConfigureAwait(false);
                open.RemoveAll(task => task.IsCompleted);
                open.Add(Answer(client, cancel));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open).ConfigureAwait(false);
        }
    }

    private async Task Answer(TcpClient client, CancellationToken cancel)
    {
        using var owned = client;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(RequestLimit);
        try
        {
            client.NoDelay = true;
            var stream = client.GetStream();
            var line = await ReadLine(stream, limit.Token).ConfigureAwait(false);
            var answer = await Decide(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), limit.Token).ConfigureAwait(false);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), limit.Token).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The asker went away; what was switched stays switched.
        }
        catch (OperationCanceledException)
        {
            // A dead device says nothing, or the lab ends.
        }
    }

    private async Task<string> Decide(string[] words, CancellationToken cancel) => words switch
    {
        ["bmc", var host, .. var request] => await Bmc(host, request, cancel).ConfigureAwait(false),
        ["fence", "monitor", ..] => "ok\n",
        ["fence", var action, var host] => await Fence(action, host, cancel).ConfigureAwait(false),
        _ => "error: not understood\n",
    };

    private async Task<string> Fence(string action, string host, CancellationToken cancel)
    {
        if (!power.Knows(host))
            return $"error: no host {host}\n";
        var setting = power.SettingOf(host);
        switch (setting.Mode)
        {
            case BmcMode.Dead:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancel).ConfigureAwait(false);
                break;
            case BmcMode.Slow:
                await Task.Delay(setting.Delay, cancel).ConfigureAwait(false);
                break;
            case BmcMode.WrongPassword:
                return "error: login refused\n";
        }

        return action switch
        {
            "status" => (Reads(host) ? "on" : "off") + "\n",
            "on" => await Switch(host, on: true, cancel).ConfigureAwait(false),
            "off" => await Switch(host, on: false, cancel).ConfigureAwait(false),
            "reboot" => await Switch(host, on: false, cancel).ConfigureAwait(false) is var off && off != "ok\n"
                ? off
                : await Switch(host, on: true, cancel).ConfigureAwait(false),
            _ => $"error: unknown action {action}\n",
        };
    }

    /// <summary>ipmi_sim's script: the words are those of its chassis_control.</summary>
    private async Task<string> Bmc(string host, string[] request, CancellationToken cancel)
    {
        if (!power.Knows(host))
            return "error\n";
        if (power.SettingOf(host) is { Mode: BmcMode.Slow } slow)
            await Task.Delay(slow.Delay, cancel).ConfigureAwait(false);
        var answer = new StringBuilder();
        if (request is ["get", .. var names])
        {
            foreach (var name in names)
                answer.Append(name == "power" ? $"power:{(Reads(host) ? 1 : 0)}\n" : $"{name}:{(name == "boot" ? "default" : "0")}\n");
        }
        else if (request is ["set", .. var settings])
        {
            for (var at = 0; at + 1 < settings.Length; at += 2)
                await Set(host, settings[at], settings[at + 1], cancel).ConfigureAwait(false);
        }

        return answer.Append("end\n").ToString();
    }

    private async Task Set(string host, string name, string value, CancellationToken cancel)
    {
        if ((name, value) is ("power", "1"))
        {
            await Switch(host, on: true, cancel).ConfigureAwait(false);
        }
        else if ((name, value) is ("power", "0") or ("shutdown", _))
        {
            await Switch(host, on: false, cancel).ConfigureAwait(false);
        }
        else if (name == "reset" && power.IsOn(host))
        {
            await Switch(host, on: false, cancel).ConfigureAwait(false);
            await Switch(host, on: true, cancel).ConfigureAwait(false);
        }
    }

    private bool Reads(string host) => power.SettingOf(host).Mode != BmcMode.Lying && power.IsOn(host);

    private async Task<string> Switch(string host, bool on, CancellationToken cancel)
    {
        if (power.SettingOf(host).Mode is not (BmcMode.Deaf or BmcMode.Lying))
            await power.Switch(host, on, cancel).ConfigureAwait(false);
        return "ok\n";
    }

    private static async Task<string> ReadLine(NetworkStream stream, CancellationToken cancel)
    {
        var buffer = new byte[LongestLine];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancel).ConfigureAwait(false);
            if (read == 0)
                break;
            length += read;
            if (buffer.AsSpan(0, length).Contains((byte)'\n'))
                break;
        }

        return Encoding.ASCII.GetString(buffer, 0, length).TrimEnd('\n');
    }
}
