namespace Mainstay.Lab.Guests;

/// <summary>A QEMU that runs a guest.</summary>
/// <param name="Pid">As the machine sees it.</param>
/// <param name="Start">Clock ticks since boot; tells a reused pid from the old one.</param>
internal sealed record GuestProcess(string Guest, string Host, int Pid, ulong Start);
