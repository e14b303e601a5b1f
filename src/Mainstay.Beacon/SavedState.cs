using Mainstay.Contracts.Beacon;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;

namespace Mainstay.Beacon;

/// <summary>
/// What a restarted beacon goes on with: its setup and its tokens, of this boot only. Written when it changes, to tmpfs.
/// </summary>
internal sealed class SavedState(string path)
{
    private const uint Magic = 0x4d534253;
    private const ushort Version = 2;
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    private readonly byte[] buffer = new byte[2 * AgentFrame.MaxBytes];
    private readonly string boot = File.ReadAllText(BootIdFile).Trim();

    /// <summary>False when it could not be written: then an old state may lie there, and nothing that lowers it may be confirmed.</summary>
    public bool Save(BeaconSetup setup, IReadOnlyCollection<StartToken> tokens)
    {
        var writer = new WireWriter(buffer);
        writer.UInt32(Magic);
        writer.UInt16(Version);
        writer.Text(boot);
        AgentFrame.WriteSetUp(ref writer, setup);
        writer.UInt16((ushort)tokens.Count);
        foreach (var token in tokens)
            AgentFrame.WriteToken(ref writer, token);
        if (writer.Overflowed)
            return Discard("it is too large");
        try
        {
            var fresh = path + ".new";
            using (var file = File.OpenHandle(fresh, FileMode.Create, FileAccess.Write, FileShare.Read))
                RandomAccess.Write(file, writer.Written, 0);
            File.Move(fresh, path, overwrite: true);
            return true;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return Discard(failed.Message);
        }
    }

    /// <summary>Null when there is none of this boot, or it cannot be understood.</summary>
    public (BeaconSetup Setup, List<StartToken> Tokens)? Load()
    {
        try
        {
            var reader = new WireReader(File.ReadAllBytes(path));
            if (reader.UInt32() != Magic || reader.UInt16() != Version || reader.Text() != boot)
                return null;
            var setup = AgentFrame.ReadSetUp(ref reader);
            var tokens = new List<StartToken>();
            for (var left = reader.Count(AgentFrame.MaxTokens); left > 0; left--)
                tokens.Add(AgentFrame.ReadToken(ref reader));
            return setup is null || reader.Failed ? null : (setup, tokens);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>No state is safer than an old one: it may hold a token that was taken back.</summary>
    private bool Discard(string why)
    {
        Note.Write($"{path} cannot be written: {why}");
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            Note.Write($"{path} cannot be removed either: {failed.Message}");
            return false;
        }
    }
}
