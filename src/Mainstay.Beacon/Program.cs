using System.Runtime.InteropServices;
using Mainstay.Beacon;
using Mainstay.Beacon.Native;
using Mainstay.Contracts.Beacon;

const int ok = 0;
const int failed = 1;
const int usage = 2;

try
{
    return args switch
    {
        ["hook", .. var rest] => HookMode.Run(rest, BeaconPaths.FromEnvironment()),
        ["--crashed", .. var rest] when rest.Length <= 1 => CrashMode.Run(rest.Length == 1 ? rest[0] : BeaconPaths.FromEnvironment().Crash),
        ["--version"] => Version(),
        [] => Serve(realTime: true),
        ["--no-realtime"] => Serve(realTime: false),
        _ => Usage(),
    };
}
catch (FormatException bad)
{
    Note.Write(bad.Message);
    return usage;
}

static int Version()
{
    Console.Out.WriteLine(typeof(HookMode).Assembly.GetName().Version?.ToString(3));
    return ok;
}

static int Usage()
{
    Note.Write("usage: mainstay-beacon [--no-realtime] | mainstay-beacon hook GUEST OPERATION SUBOPERATION EXTRA "
        + "| mainstay-beacon --crashed [FILE]");
    return usage;
}

static int Serve(bool realTime)
{
    var paths = BeaconPaths.FromEnvironment();
    var directory = Path.GetDirectoryName(paths.AgentSocket) ?? "/";
    try
    {
        Directory.CreateDirectory(directory);

        // Two beacons of one host would both answer the hook. The lock ends with the process, however it ends.
        using var alone = new FileStream(Path.Combine(directory, "beacon.lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        if (realTime)
            RealTime.Enter();
        var stop = StopPipe.Open();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, stop.Signal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, stop.Signal);
        using var loop = new BeaconLoop(paths, stop.Descriptor);
        loop.Run();
        return ok;
    }
    catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
    {
        Note.Write($"cannot serve in {directory}: {unusable.Message}");
        return failed;
    }
}
