namespace Mainstay.Beacon.Native;

/// <summary>Constants of Linux's interface, the same on x86-64 and arm64.</summary>
internal static class Linux
{
    public const int FamilyUnix = 1;
    public const int FamilyInet = 2;
    public const int FamilyInet6 = 10;

    public const int Stream = 1;
    public const int Datagram = 2;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    public const short PollIn = 1;
    public const short PollOut = 4;
    public const short PollError = 8;
    public const short PollHangUp = 16;

    public const int MessageNoSignal = 0x4000;
    public const int MessageDontWait = 0x40;
    public const int MessageErrorQueue = 0x2000;

    public const int LevelIp = 0;
    public const int LevelIpv6 = 41;
    public const int IpReceiveErrors = 11;
    public const int Ipv6ReceiveErrors = 25;

    public const byte OriginIcmp = 2;
    public const byte OriginIcmp6 = 3;

    public const int ClockMonotonic = 1;
    public const int ClockMonotonicRaw = 4;
    public const int ClockBootTime = 7;

    public const int RoundRobin = 2;
    public const int Fifo = 1;
    public const int LockCurrentAndFuture = 3;

    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public static readonly int Directory =
        System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64
            ? 0x4000 : 0x10000;

    public const int LevelSocket = 1;
    public const int MessageRights = 1;
    public const int SetDescriptorFlags = 2;
    public const int DescriptorCloseOnExec = 1;

    public const ulong WatchdogGetSupport = 0x80285700;
    public const ulong WatchdogSetTimeout = 0xC0045706;
    public const ulong WatchdogGetTimeout = 0x80045707;

    public const int SignalKill = 9;
    public const int SignalContinue = 18;
    public const int SignalStop = 19;

    public const int ErrorInterrupted = 4;
    public const int ErrorAgain = 11;
    public const int ErrorInProgress = 115;
}
