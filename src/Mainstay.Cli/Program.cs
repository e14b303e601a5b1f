using System.CommandLine;
using Mainstay.Lab;

var root = new RootCommand("Mainstay") { LabCommands.BuildLabCommand() };
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }).ConfigureAwait(false);
