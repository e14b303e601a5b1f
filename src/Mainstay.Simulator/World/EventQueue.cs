namespace Mainstay.Simulator.World;

/// <summary>What is going to happen, ordered by time and, at the same time, by when it was planned.</summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<Action, Place> waiting = new();
    private long planned;

    public void Add(TimeSpan at, Action act) => waiting.Enqueue(act, new Place(at.Ticks, planned++));

    /// <summary>Takes the next event if it happens not later than <paramref name="until"/>.</summary>
    public bool TryTake(TimeSpan until, out TimeSpan at, out Action act)
    {
        if (waiting.TryPeek(out var next, out var place) && place.Ticks <= until.Ticks)
        {
            waiting.Dequeue();
            (at, act) = (TimeSpan.FromTicks(place.Ticks), next);
            return true;
        }

        (at, act) = (until, static () => { });
        return false;
    }

    private readonly record struct Place(long Ticks, long Order) : IComparable<Place>
    {
        public int CompareTo(Place other) => Ticks != other.Ticks ? Ticks.CompareTo(other.Ticks) : Order.CompareTo(other.Order);
    }
}
