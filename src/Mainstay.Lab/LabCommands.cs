using System.CommandLine;

namespace Mainstay.Lab;

/// <summary>The commands below <c>mainstay lab</c>.</summary>
public static class LabCommands
{
    public static Command BuildLabCommand()
    {
        var lab = new Command("lab", "Several real hosts on this machine, to try Mainstay out, to test and to measure.");
        var supervise = new Command("supervise", "Holds a lab; started by 'lab up'.") { Hidden = true };
        var state = new Argument<string>("directory");
        supervise.Arguments.Add(state);
        supervise.SetAction((parsed, cancel) => LabSupervisor.Run(parsed.GetRequiredValue(state), cancel));
        lab.Subcommands.Add(supervise);
        return lab;
    }
}
