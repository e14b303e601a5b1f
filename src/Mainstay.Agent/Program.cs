using System.Runtime.InteropServices;
using Mainstay.Agent;
using Mainstay.Agent.Service;
using Mainstay.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

const int ok = 0;
const int mend = 1;
const int usage = 2;
const int broken = 70;

switch (args)
{
    case []:
        break;
    case ["--version"]:
        Console.Out.WriteLine(AgentService.Version);
        return ok;
    default:
        Console.Error.WriteLine(
            "usage: mainstay-agent [--version]   (configured by mainstay init or mainstay join; MAINSTAY_ROOT moves its files)");
        return usage;
}

// Keys, sockets and the store's data are root's alone, from the moment they exist.
ProcessMask.Set();
using var logs = LoggerFactory.Create(logging => logging
    .SetMinimumLevel(LogLevel.Information)
    .AddFilter("Microsoft", LogLevel.Warning)
    .AddSimpleConsole(console =>
    {
        console.SingleLine = true;
        console.UseUtcTimestamp = true;
        console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        console.ColorBehavior = LoggerColorBehavior.Disabled;
    }));
var log = logs.CreateLogger("Mainstay.Agent");
using var stop = new CancellationTokenSource();
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    var layout = FileLayout.FromEnvironment();
    using var alone = OneAgent.Take(layout);
    using var agent = new AgentService(layout, TimeProvider.System, logs);
    await agent.Run(stop.Token).ConfigureAwait(false);
    return ok;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return ok;
}
catch (AgentException e)
{
    Console.Error.WriteLine($"mainstay-agent: {e.Message}");
    return mend;
}
catch (Exception e)
{
    // C7: a broken invariant ends the process; whoever started it starts it again, and the guests run on meanwhile.
    AgentLog.Broken(log, e);
    return broken;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
