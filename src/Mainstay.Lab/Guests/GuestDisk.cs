namespace Mainstay.Lab.Guests;

/// <summary>Makes a guest's disk and reads it back, from outside and without the guest's help.</summary>
public static class GuestDisk
{
    internal const double TicksPerSecond = 1193182.0 / 65536;
    private const uint TicksPerDay = 1573040;

    public static void Create(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        file.Write(LabResource.Bytes("boot-sector.bin"));
        file.SetLength(Beat.DiskSize);
    }

    /// <summary>
    /// Checks the whole ring: one life after the other, each with its beats in an unbroken row, and no beat of a stranger.
    /// </summary>
    public static BeatReport Check(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Check([.. ReadRing(file).OrderBy(beat => beat.Counter)]);
    }

    /// <summary>The number of the last beat on the disk; a guest that runs makes it rise. 0 when it never beat.</summary>
    public static uint LastBeat(string path) => Last(path)?.Counter ?? 0;

    /// <summary>The last beat on the disk; null when there is none.</summary>
    internal static Beat? Last(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var sector = new byte[Beat.SectorSize];
        file.Position = Beat.SectorSize;
        file.ReadAtLeast(sector, sector.Length, throwOnEndOfStream: false);
        return Beat.Parse(sector);
    }

    internal static BeatReport Check(IReadOnlyList<Beat> beats)
    {
        var found = new List<string>();
        var ended = new HashSet<ulong>();
        var silence = TimeSpan.Zero;
        for (var at = 0; at < beats.Count; at++)
        {
            var beat = beats[at];
            if (beat.Strangers > 0)
                found.Add($"Beat {beat.Counter}: this instance saw {beat.Strangers} beats of another one while it ran.");
            if (beat.FoundCounter + 1 != beat.Counter || (beat.Number > 1 && beat.FoundLife != beat.Life))
                found.Add($"Beat {beat.Counter}: it followed beat {beat.FoundCounter} of another instance.");
            if (at == 0)
                continue;
            var before = beats[at - 1];
            silence = TimeSpan.FromTicks(Math.Max(silence.Ticks, Between(before, beat).Ticks));
            found.AddRange(Compare(before, beat, ended));
        }

        return new BeatReport(beats.Count, beats.Select(beat => beat.Life).Distinct().Count(), silence, found);
    }

    private static IEnumerable<string> Compare(Beat before, Beat beat, HashSet<ulong> ended)
    {
        if (beat.Counter != before.Counter + 1)
            yield return $"Beats {before.Counter + 1} to {beat.Counter - 1} are missing.";
        if (beat.Life == before.Life)
        {
            if (beat.Number != before.Number + 1)
                yield return $"Beat {beat.Counter}: number {beat.Number} of its instance follows number {before.Number}.";
            yield break;
        }

        ended.Add(before.Life);
        if (ended.Contains(beat.Life))
            yield return $"Beat {beat.Counter}: an instance that had ended wrote again.";
        if (beat.Number != 1)
            yield return $"Beat {beat.Counter}: the instance had begun before the other one ended.";
    }

    private static TimeSpan Between(Beat before, Beat beat)
    {
        var ticks = beat.Tick >= before.Tick ? beat.Tick - before.Tick : beat.Tick + TicksPerDay - before.Tick;
        // A clock that was set back a little, not a whole day of silence.
        return ticks > TicksPerDay / 2 ? TimeSpan.Zero : TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    private static IEnumerable<Beat> ReadRing(FileStream file)
    {
        var ring = new byte[Beat.RingLength * Beat.SectorSize];
        file.Position = Beat.RingStart * Beat.SectorSize;
        file.ReadAtLeast(ring, ring.Length, throwOnEndOfStream: false);
        for (var slot = 0; slot < Beat.RingLength; slot++)
        {
            if (Beat.Parse(ring.AsSpan(slot * Beat.SectorSize, Beat.SectorSize)) is { } beat)
                yield return beat;
        }
    }
}
