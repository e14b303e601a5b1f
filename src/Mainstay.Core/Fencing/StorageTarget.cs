using Mainstay.Core.Model;

namespace Mainstay.Core.Fencing;

/// <summary>Whom a storage is to know no more, or to know again: a session, and how its host may be known there.</summary>
/// <param name="Number">The host's number in the cluster, 1 to 65,535.</param>
/// <param name="Addresses">Its addresses as configured.</param>
public sealed record StorageTarget(HostSession Session, int Number, ValueList<string> Addresses);
