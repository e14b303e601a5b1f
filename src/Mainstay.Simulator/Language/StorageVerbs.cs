using Mainstay.Core.Groups;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Language;

/// <summary>What can happen to the place where hosts are cut off from a storage.</summary>
internal static class StorageVerbs
{
    public static readonly Verb[] All =
    [
        Is("storage STORAGE ok", "It cuts hosts off when it is told to, and shows it.", StorageMode.Ok),
        Is("storage STORAGE dead", "It does not answer and does nothing.", StorageMode.Dead),
        new("storage STORAGE slow TIME", "It takes this much longer.", (run, w) =>
            run.World.StorageOf(w.Storages[0]).Set(StorageMode.Slow, w.Times[0])),
        Is("storage STORAGE mute", "It does it; its answer is lost.", StorageMode.Mute),
        Is("storage STORAGE ignoring", "It accepts the command and does nothing; what it shows is true.", StorageMode.Ignoring),
        Is("storage STORAGE half", "It cuts one path of two, and shows so.", StorageMode.Half),
        Is("storage STORAGE weak", "It takes nothing new from the host, but still writes for 2 s what came before.", StorageMode.Weak),
        Is("storage STORAGE lying", "It says that the host is cut off and does nothing. Breaks the assumptions.", StorageMode.Lying),
    ];

    public static readonly Verb[] Requests =
    [
        ClusterVerbs.Request("storage set STORAGE", "The cluster may cut hosts off from it, as at the start.", (run, w) =>
            new AdminRequest.SetStorage(w.Storages[0], run.World.StorageOf(w.Storages[0]).Config)),
        ClusterVerbs.Request("storage remove STORAGE", "The cluster knows it no more.", (_, w) =>
            new AdminRequest.RemoveStorage(w.Storages[0])),
        ClusterVerbs.Request("storage remove STORAGE anyway TEXT", "The same, although a host that was taken out is cut off from it.",
            (_, w) => new AdminRequest.RemoveStorage(w.Storages[0]) { Override = w.Texts[0] }),
    ];

    private static Verb Is(string pattern, string meaning, StorageMode mode) =>
        new(pattern, meaning, (run, w) => run.World.StorageOf(w.Storages[0]).Set(mode, TimeSpan.Zero));
}
