using Mainstay.Core.Facts;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Language;

/// <summary>The closed sets of words a scenario may use.</summary>
internal static class Vocabulary
{
    public static readonly string[] Processes = ["agent", "beacon", "libvirtd", "etcd"];

    public static readonly string[] Rules = ["S1", "S2", "S3", "S4", "S5", "S6", "S8", "S9", "L1", "L2", "L3", "M1"];

    public static readonly string[] HostStates = ["online", "fencing", "fenced", "left", "down", "unknown"];

    public static readonly string[] GuestStates =
        ["running", "starting", "stopped", "moving", "waiting", "blocked", "unprotected"];

    private static readonly string[] Reserved =
    [
        "everything", "network", "leader", "store-leader", "guest", "host", "all", "no", "fact", "state", "reply", "violation", "converged",
        "local", "outage", "heal", "cut",
    ];

    public static bool IsFact(string word) => FactText.AllNames.Contains(word);

    public static bool IsRule(string word) => Array.IndexOf(Rules, word) >= 0;

    public static bool IsHostState(string word) => Array.IndexOf(HostStates, word) >= 0;

    public static bool IsGuestState(string word) => Array.IndexOf(GuestStates, word) >= 0;

    public static bool TryProcess(string word, out HostProcess process)
    {
        var index = Array.IndexOf(Processes, word);
        process = index >= 0 ? (HostProcess)index : default;
        return index >= 0;
    }

    public static bool IsName(string word) =>
        word.Length is > 0 and <= 60 && word.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && char.IsAsciiLetter(word[0]);

    public static bool IsReserved(string word) =>
        Array.IndexOf(Reserved, word) >= 0 || Array.IndexOf(Processes, word) >= 0 || Array.IndexOf(SimNetwork.Names, word) >= 0;
}
