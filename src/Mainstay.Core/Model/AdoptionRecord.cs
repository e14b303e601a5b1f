namespace Mainstay.Core.Model;

/// <summary>
/// A guest that is about to be protected. From here on every hook refuses it, and every host says whether it runs a copy: only then is it
/// protected (S1).
/// </summary>
/// <param name="By">Who protects it, on the host where it is.</param>
public sealed record AdoptionRecord(string Uuid, HostSession By) : StoreValue;
