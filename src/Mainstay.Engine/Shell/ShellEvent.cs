using Mainstay.Core.Groups;
using Mainstay.Core.Node;

namespace Mainstay.Engine.Shell;

/// <summary>What reaches the one loop that owns the node.</summary>
internal abstract record ShellEvent
{
    private ShellEvent()
    {
    }

    /// <summary>The time the node asked to be woken at has come.</summary>
    public sealed record Woke : ShellEvent
    {
        public static readonly Woke Now = new();
    }

    public sealed record Happened(NodeInput Input) : ShellEvent;

    /// <summary>An effect's task has ended, with its answer; without one it failed or has none.</summary>
    public sealed record Finished(long Ticket, NodeInput? Answer) : ShellEvent;

    public sealed record Asked(AdminRequest Request, TaskCompletionSource<AdminReply> Answer) : ShellEvent;

    /// <summary>The asker has gone; its answer is not waited for any more.</summary>
    public sealed record Forgotten(TaskCompletionSource<AdminReply> Answer) : ShellEvent;
}
