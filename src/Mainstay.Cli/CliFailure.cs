using Mainstay.Contracts.Api;

namespace Mainstay.Cli;

/// <summary>Why a command did not do what it was asked: what was wrong, which value, what to do.</summary>
/// <param name="Kind">A stable word, as <see cref="ErrorReply.Error"/>; <c>docs/reference/exit-codes.md</c> lists them.</param>
/// <param name="Text">For people.</param>
internal sealed record CliFailure(string Kind, string Text)
{
    public int Exit => Kind switch
    {
        "usage" or "malformed" => ExitCode.BadInput,
        "unreachable" or "timeout" => ExitCode.NoAnswer,
        "interrupted" => ExitCode.Interrupted,
        _ => ExitCode.Refused,
    };

    public ErrorReply AsReply() => new() { Error = Kind, Text = Text };

    public static CliFailure Usage(string text) => new("usage", text);

    public static CliFailure Unreachable(string text) => new("unreachable", text);

    public static CliFailure Late(string text) => new("timeout", text);
}
