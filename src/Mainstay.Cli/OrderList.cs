using Mainstay.Contracts.Api;

namespace Mainstay.Cli;

/// <summary>Which guest is started after which, as <c>order --json</c> prints it.</summary>
internal sealed record OrderList
{
    public int Schema { get; init; } = 1;

    /// <summary>In the order in which they are started when all are; only those that wait, or are waited for.</summary>
    public required IReadOnlyList<OrderedGuest> Guests { get; init; }

    public static OrderList Of(StatusReply status)
    {
        var waitedFor = status.Guests.SelectMany(guest => guest.After.Select(edge => edge.On)).ToHashSet(StringComparer.Ordinal);
        var guests = status.Guests.Where(guest => guest.After.Count > 0 || waitedFor.Contains(guest.Name)).ToArray();
        var steps = guests.ToDictionary(guest => guest.Name, _ => 1, StringComparer.Ordinal);
        // As often as there are guests: nothing depends on itself.
        for (var round = 0; round < guests.Length; round++)
        {
            foreach (var guest in guests)
            {
                foreach (var edge in guest.After.Where(edge => steps.ContainsKey(edge.On)))
                    steps[guest.Name] = Math.Min(guests.Length, Math.Max(steps[guest.Name], steps[edge.On] + 1));
            }
        }

        return new OrderList
        {
            Guests =
            [
                .. guests.OrderBy(guest => steps[guest.Name]).ThenBy(guest => guest.Name, StringComparer.Ordinal)
                    .Select(guest => new OrderedGuest
                    {
                        Step = steps[guest.Name], Guest = guest.Name, Waits = guest.Waits, After = guest.After,
                    }),
            ],
        };
    }
}

/// <summary>A guest in the order.</summary>
internal sealed record OrderedGuest
{
    /// <summary>1 for those that wait for nobody, and one more than the last of those that it waits for.</summary>
    public required int Step { get; init; }

    public required string Guest { get; init; }

    /// <summary>What its start waits for now; null when it does not.</summary>
    public string? Waits { get; init; }

    public required IReadOnlyList<DependencyStatus> After { get; init; }
}
