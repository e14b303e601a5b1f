namespace Mainstay.Engine.Ports;

/// <summary>The links of the beacons' networks on this host.</summary>
public interface ILinkWatch
{
    /// <summary>How often one of them went down in the last ten minutes. Returns at once.</summary>
    int Flaps();
}
