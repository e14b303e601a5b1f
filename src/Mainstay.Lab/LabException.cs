namespace Mainstay.Lab;

/// <summary>The lab cannot do what was asked; the message says what is wrong and what mends it.</summary>
public class LabException : Exception
{
    public LabException()
    {
    }

    public LabException(string message)
        : base(message)
    {
    }

    public LabException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
