using Mainstay.Core.Balance;
using Mainstay.Core.Groups;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Language;

/// <summary>Moves for the sake of balance, as the command line proposes and asks for them.</summary>
internal static class BalanceVerbs
{
    public static readonly Verb[] Requests =
    [
        new(new Pattern("balance"), "The best move that evens out the load is asked for, if one is worth it.", (run, _) =>
        {
            if (Questions.Balance(run.World).Moves is { IsEmpty: false } moves)
                run.World.Requests.Ask(new AdminRequest.Move(moves[0].Group, moves[0].To), null);
        }),
    ];

    public static readonly Condition[] All =
    [
        new("nothing is to be balanced", "No move is worth the shutdown of a guest.", (run, _) =>
            Questions.Balance(run.World).Moves is { IsEmpty: false } moves
                ? $"{moves[0].Group} would go from {moves[0].From} to {moves[0].To}" : null),
        new("balance would move GUEST to HOSTS", "It is the best move.", (run, w) =>
            Questions.Balance(run.World).Moves is not { IsEmpty: false } moves ? "nothing is to be balanced"
            : moves[0].Group.Name == w.Guests[0] && w.HostLists[0].Select(run.Host).Any(host => host.Id == moves[0].To) ? null
            : $"{moves[0].Group} would go from {moves[0].From} to {moves[0].To}"),
    ];
}
