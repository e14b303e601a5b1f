using Xunit;

namespace Mainstay.Contract.Tests.Hypervisor;

/// <summary>The contract against the simulator's libvirt and QEMU.</summary>
public sealed class SimulatedHypervisorTests(SimulatedWorld world) : HypervisorContract(world), IClassFixture<SimulatedWorld>;
