namespace Mainstay.Cli.Agent;

/// <summary>What came of one call to the agent.</summary>
internal abstract record ApiAnswer<T>
{
    private ApiAnswer()
    {
    }

    public sealed record Given(T Value) : ApiAnswer<T>;

    public sealed record Failed(CliFailure Failure) : ApiAnswer<T>;
}
