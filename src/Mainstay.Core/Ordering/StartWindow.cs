namespace Mainstay.Core.Ordering;

/// <summary>
/// How many starts may be under way at once, by how long the last ones took: one more after each round of quick ones, half as many when
/// they become slow.
/// </summary>
/// <param name="begin">At first.</param>
/// <param name="most">Never more.</param>
internal sealed class StartWindow(int begin, int most)
{
    /// <summary>A start that takes longer says that too many are under way.</summary>
    public static readonly TimeSpan Target = TimeSpan.FromSeconds(5);

    /// <summary>The slowest of so many stands for the 99th percentile.</summary>
    private const int Kept = 20;

    private readonly Queue<TimeSpan> last = new();
    private int quick;

    public int Size { get; private set; } = begin;

    /// <summary>A start is over that took so long.</summary>
    public void Took(TimeSpan time)
    {
        last.Enqueue(time);
        if (last.Count > Kept)
            last.Dequeue();
        if (last.Max() > Target)
        {
            // What was measured belongs to the old size.
            (Size, quick) = (Math.Max(1, Size / 2), 0);
            last.Clear();
        }
        else if (++quick >= Size)
        {
            (Size, quick) = (Math.Min(most, Size + 1), 0);
        }
    }
}
