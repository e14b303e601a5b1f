namespace Mainstay.Agent;

/// <summary>What a person must mend before it can go on: what is wrong, which value, what to do. Not a defect.</summary>
internal sealed class AgentException : Exception
{
    public AgentException()
    {
    }

    public AgentException(string message)
        : base(message)
    {
    }

    public AgentException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
