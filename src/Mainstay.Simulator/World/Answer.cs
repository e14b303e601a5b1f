namespace Mainstay.Simulator.World;

/// <summary>An answer that is given once: what comes after the time limit is not heard any more.</summary>
internal sealed class Answer<T>(Action<T> deliver)
{
    public bool Given { get; private set; }

    public void Give(T value)
    {
        if (Given)
            return;
        Given = true;
        deliver(value);
    }
}
