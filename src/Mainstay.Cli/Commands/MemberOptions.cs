using System.CommandLine;

namespace Mainstay.Cli.Commands;

/// <summary>How a host names itself when it becomes a member.</summary>
internal sealed class MemberOptions
{
    public MemberOptions(Command command)
    {
        command.Options.Add(Host);
        command.Options.Add(Addresses);
    }

    public Option<string?> Host { get; } = new("--host")
    {
        Description = "This host's name in the cluster [default: its short host name].", HelpName = "NAME",
    };

    public Option<string[]> Addresses { get; } = new("--address")
    {
        Description = "An address of this host; once for each network, in the same order on all hosts [default: all global ones].",
        HelpName = "ADDRESS",
    };
}
