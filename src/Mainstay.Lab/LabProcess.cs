namespace Mainstay.Lab;

/// <summary>A program on a host that can be paused, resumed and killed by itself.</summary>
public enum LabProcess
{
    Agent,
    Beacon,
    Libvirtd,
    Virtlogd,
    Etcd,
}
