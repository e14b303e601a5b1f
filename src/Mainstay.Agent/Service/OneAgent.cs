using Mainstay.Contracts;

namespace Mainstay.Agent.Service;

/// <summary>One agent per host: what one reads and arms, no other may undo in between (S3, S4). The lock ends with the process.</summary>
internal static class OneAgent
{
    public static FileStream Take(FileLayout layout)
    {
        try
        {
            Directory.CreateDirectory(layout.Runtime);
            return new FileStream(layout.AgentLock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new AgentException($"another agent runs on this host ({layout.AgentLock} is locked); stop it first", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new AgentException($"{layout.Runtime} cannot be written: {e.Message} Run the agent as root.", e);
        }
    }
}
