using System.CommandLine;
using Mainstay.Lab;

var root = new RootCommand("Mainstay") { LabCommands.BuildLabCommand() };
return await root.Parse(args)
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) }).ConfigureAwait(false);
