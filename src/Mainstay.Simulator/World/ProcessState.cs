namespace Mainstay.Simulator.World;

/// <summary>The state of one process of a host.</summary>
internal enum ProcessState
{
    Running,

    /// <summary>SIGSTOP: exists, holds its sockets, does nothing.</summary>
    Stopped,

    Dead,
}

/// <summary>The processes that a scenario can kill, stop and resume.</summary>
internal enum HostProcess
{
    Agent,
    Beacon,
    Libvirtd,
    Etcd,
}
