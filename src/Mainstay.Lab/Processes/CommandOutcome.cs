namespace Mainstay.Lab.Processes;

/// <summary>How a child process ended.</summary>
public abstract record CommandOutcome
{
    private CommandOutcome()
    {
    }

    /// <summary>It ended by itself; the output is what it wrote, without the last line break.</summary>
    public sealed record Exited(int Code, string Output, string Errors) : CommandOutcome;

    /// <summary>It did not end within the limit and was killed with its children.</summary>
    public sealed record TimedOut(TimeSpan Limit, string Output, string Errors) : CommandOutcome;

    /// <summary>It could not be started.</summary>
    public sealed record NotStarted(string Why) : CommandOutcome;

    public bool Succeeded => this is Exited { Code: 0 };

    /// <summary>One line for people: why it did not succeed.</summary>
    public string Describe() => this switch
    {
        Exited exited => $"exit {exited.Code}: {(exited.Errors.Length > 0 ? exited.Errors : exited.Output)}",
        TimedOut late => $"no end within {late.Limit.TotalSeconds:0.#} s: {late.Errors}",
        NotStarted not => not.Why,
        _ => throw new InvalidOperationException("A child process ended in an unknown way."),
    };

    /// <summary>The output of a command that must succeed.</summary>
    public string OutputOr(string failure) =>
        this is Exited { Code: 0 } done ? done.Output : throw new LabException($"{failure}: {Describe()}");
}
