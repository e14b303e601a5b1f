namespace Mainstay.Agent.Api;

/// <summary>A request that is not in the form the API asks for.</summary>
internal sealed class MalformedException : Exception
{
    public MalformedException()
    {
    }

    public MalformedException(string message)
        : base(message)
    {
    }

    public MalformedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
