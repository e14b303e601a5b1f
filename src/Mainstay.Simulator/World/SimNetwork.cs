namespace Mainstay.Simulator.World;

/// <summary>Two networks between all hosts. Every pair can be cut, lossy or slow in each direction; a host's link can be down.</summary>
internal sealed class SimNetwork(int hosts)
{
    public const int Mgmt = 0;
    public const int Stor = 1;
    public const int Count = 2;

    public static readonly string[] Names = ["mgmt", "stor"];

    private readonly bool[] linkDown = new bool[hosts * Count];
    private readonly bool[] cut = new bool[hosts * hosts * Count];
    private readonly int[] loss = new int[hosts * hosts * Count];
    private readonly TimeSpan[] delay = new TimeSpan[hosts * hosts * Count];

    /// <summary>False lets the beacons take the fast path: everything arrives at once.</summary>
    public bool Disturbed { get; private set; }

    public bool LinkUp(int host, int network) => !linkDown[(host * Count) + network];

    /// <summary>A packet can go from one host to the other (loss and delay apart).</summary>
    public bool Open(int from, int to, int network) =>
        !Disturbed || from == to || (LinkUp(from, network) && LinkUp(to, network) && !cut[Path(from, to, network)]);

    public bool OpenBothWays(int a, int b, int network) => Open(a, b, network) && Open(b, a, network);

    public int Loss(int from, int to, int network) => from == to ? 0 : loss[Path(from, to, network)];

    public TimeSpan Delay(int from, int to, int network) => from == to ? TimeSpan.Zero : delay[Path(from, to, network)];

    /// <summary>Beacons from one host to another may not arrive on some network.</summary>
    public bool Troubled(int from, int to) => Disturbed && (PathTroubled(from, to, Mgmt) || PathTroubled(from, to, Stor));

    public void SetLink(int host, int network, bool up) => Change(() => linkDown[(host * Count) + network] = !up);

    public void SetCut(int from, int to, int network, bool isCut) => Change(() => cut[Path(from, to, network)] = isCut);

    public void SetLoss(int network, int percent) => Change(() => SetAll(loss, network, percent));

    public void SetDelay(int network, TimeSpan time) => Change(() => SetAll(delay, network, time));

    public void SetLossOf(int host, int network, int percent) => Change(() => SetHost(loss, host, network, percent));

    public void SetDelayOf(int host, int network, TimeSpan time) => Change(() => SetHost(delay, host, network, time));

    public void HealHost(int host)
    {
        for (var network = 0; network < Count; network++)
            HealHost(host, network);
    }

    public void HealHost(int host, int network)
    {
        SetLink(host, network, up: true);
        SetHost(cut, host, network, false);
        SetHost(loss, host, network, 0);
        SetHost(delay, host, network, TimeSpan.Zero);
        Change(static () => { });
    }

    public void HealPair(int a, int b)
    {
        for (var network = 0; network < Count; network++)
        {
            SetCut(a, b, network, false);
            SetCut(b, a, network, false);
        }
    }

    public void HealNetwork(int network)
    {
        for (var host = 0; host < hosts; host++)
            HealHost(host, network);
    }

    private bool PathTroubled(int from, int to, int network) =>
        !LinkUp(from, network) || !LinkUp(to, network) || cut[Path(from, to, network)]
        || loss[Path(from, to, network)] > 0 || delay[Path(from, to, network)] > TimeSpan.Zero;

    private void Change(Action change)
    {
        change();
        Disturbed = linkDown.Contains(true) || cut.Contains(true) || loss.Any(l => l > 0) || delay.Any(d => d > TimeSpan.Zero);
    }

    private void SetAll<T>(T[] table, int network, T value)
    {
        for (var host = 0; host < hosts; host++)
            SetHost(table, host, network, value);
    }

    private void SetHost<T>(T[] table, int host, int network, T value)
    {
        for (var other = 0; other < hosts; other++)
        {
            table[Path(host, other, network)] = value;
            table[Path(other, host, network)] = value;
        }
    }

    private int Path(int from, int to, int network) => (((from * hosts) + to) * Count) + network;
}
