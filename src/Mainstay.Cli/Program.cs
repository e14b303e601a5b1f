using Mainstay.Cli;
using Mainstay.Cli.Shell;

try
{
    return await CommandLine.Run(args, Terminal.OfProcess(), CancellationToken.None);
}
catch (Exception bug)
{
    // The one place that sees every exception: expected failures are values, so this one is a defect of the program.
    await Console.Error.WriteLineAsync($"mainstay: this is a defect of the program, please report it:\n{bug}");
    return ExitCode.Defect;
}
