using System.CommandLine;
using Mainstay.Cli.Shell;

namespace Mainstay.Cli.Commands;

/// <summary>A command that prints: with <c>--json</c>, with a time limit where it asks the agent, and with examples in its help.</summary>
internal abstract class CliCommand : Command, IHasExamples
{
    private readonly Option<bool> json = new("--json") { Description = "Print one JSON document instead of text." };
    private readonly Option<TimeSpan>? timeout;

    protected CliCommand(Terminal terminal, string name, string description, TimeSpan? limit)
        : base(name, description)
    {
        Options.Add(json);
        if (limit is { } usual)
        {
            timeout = Durations.Option("--timeout", $"How long to wait for the answer [default: {DurationText.Type(usual)}].");
            timeout.DefaultValueFactory = _ => usual;
            Options.Add(timeout);
        }

        SetAction(async (parsed, cancel) =>
        {
            using var call = new Call(terminal, parsed, parsed.GetValue(json), timeout is null ? TimeSpan.Zero : parsed.GetValue(timeout));
            return await call.Guard(() => Run(call, cancel), cancel);
        });
    }

    /// <summary>The usual limit of a question to the agent.</summary>
    protected static TimeSpan Brief { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Command lines and what each is for.</summary>
    public abstract IReadOnlyList<Example> Examples { get; }

    /// <summary>The exit code.</summary>
    protected abstract Task<int> Run(Call call, CancellationToken cancel);
}
