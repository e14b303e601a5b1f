namespace Mainstay.Beacon.Link;

/// <summary>What <see cref="HookInstaller.Install"/> did.</summary>
/// <param name="ReloadNeeded">libvirt may not know yet that there is a hook: it must reload (SIGHUP) before it asks this one.</param>
public sealed record HookInstallation(string Script, bool Changed, bool ReloadNeeded);
