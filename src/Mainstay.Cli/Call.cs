using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mainstay.Cli.Agent;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli;

/// <summary>
/// One command being carried out: what was typed, the agent to ask, and the one place that prints answers and chooses exit codes.
/// </summary>
internal sealed class Call(Terminal terminal, ParseResult parsed, bool json, TimeSpan limit) : IDisposable
{
    public Terminal Terminal => terminal;

    public ParseResult Parsed => parsed;

    public bool Json => json;

    public TimeSpan Limit => limit;

    public AgentClient Agent { get; } = new(terminal.Files.AgentSocket);

    public Ink Ink { get; } = new(terminal.Color);

    public TextWriter Out => terminal.Out;

    public void Dispose() => Agent.Dispose();

    public async Task<int> Guard(Func<Task<int>> run, CancellationToken cancel)
    {
        try
        {
            return await run();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return Fail(new CliFailure("interrupted", "Interrupted. What was already asked of the cluster goes on: see mainstay status"));
        }
    }

    /// <summary>Says on standard error what goes on, for a person who waits.</summary>
    public void Progress(string text) => terminal.Error.WriteLine(Ink.Clean(text));

    public int Fail(CliFailure failure)
    {
        terminal.Error.WriteLine($"mainstay: {Ink.Clean(failure.Text)}");
        if (json)
            Print(failure.AsReply(), ApiJson.Default.ErrorReply);
        return failure.Exit;
    }

    public void Print<T>(T value, JsonTypeInfo<T> type) => terminal.Out.WriteLine(JsonSerializer.Serialize(value, type));

    /// <summary>Prints an answer as JSON or through <paramref name="show"/>, which also says the exit code.</summary>
    public int Finish<T>(ApiAnswer<T> answer, JsonTypeInfo<T> type, Func<T, int> exit, Action<T> show)
    {
        switch (answer)
        {
            case ApiAnswer<T>.Given given:
                if (json)
                    Print(given.Value, type);
                else
                    show(given.Value);
                return exit(given.Value);
            case ApiAnswer<T>.Failed failed:
                return Fail(failed.Failure);
            default:
                throw new InvalidOperationException($"No such answer: {answer}");
        }
    }

    public Task<ApiAnswer<RequestReply>> Ask<TBody>(string path, TBody body, JsonTypeInfo<TBody> type, CancellationToken cancel) =>
        Agent.Post(path, body, type, ApiJson.Default.RequestReply, limit, cancel);

    /// <summary>Asks the cluster for something and prints what became of it.</summary>
    public async Task<int> Request<TBody>(string path, TBody body, JsonTypeInfo<TBody> type, CancellationToken cancel) =>
        Finish(await Ask(path, body, type, cancel), ApiJson.Default.RequestReply, ExitOf, Show);

    public static int ExitOf(RequestReply reply) => reply.Outcome switch
    {
        RequestOutcome.Accepted => ExitCode.Done,
        RequestOutcome.Refused => ExitCode.Refused,
        RequestOutcome.Unknown => ExitCode.NoAnswer,
    };

    public void Show(RequestReply reply)
    {
        foreach (var item in reply.Items)
            Line(item.Outcome, $"{item.Guest}: {item.Text}");
        Line(reply.Outcome, reply.Text);
    }

    private void Line(RequestOutcome outcome, string text)
    {
        var clean = Ink.Clean(text);
        switch (outcome)
        {
            case RequestOutcome.Accepted:
                terminal.Out.WriteLine(clean);
                break;
            case RequestOutcome.Refused:
                terminal.Error.WriteLine($"mainstay: refused: {clean}");
                break;
            case RequestOutcome.Unknown:
                terminal.Error.WriteLine($"mainstay: not known whether it happened: {clean}");
                break;
        }
    }
}
