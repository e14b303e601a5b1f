namespace Mainstay.Fencing.Storage;

/// <summary>An option of a storage agent, as the check and the reference know it.</summary>
internal sealed record StorageOption(string Name, bool Required, string Meaning);
