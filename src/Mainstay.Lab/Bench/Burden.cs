using System.Diagnostics;

namespace Mainstay.Lab.Bench;

/// <summary>Keeps a machine busy for a while: processors, memory or a disk.</summary>
internal static class Burden
{
    private const int MemoryBytes = 256 * 1024 * 1024;
    private const int FileBytes = 64 * 1024 * 1024;
    private const int Page = 4096;

    public static void Run(BurdenKind kind, TimeSpan length)
    {
        var clock = Stopwatch.StartNew();
        var sum = 0UL;
        while (clock.Elapsed < length)
        {
            switch (kind)
            {
                case BurdenKind.Processor:
                    for (var i = 0; i < 10_000_000; i++)
                        sum = (sum * 6364136223846793005) + 1442695040888963407;
                    break;
                case BurdenKind.Memory:
                    var memory = GC.AllocateUninitializedArray<byte>(MemoryBytes);
                    for (var at = 0; at < MemoryBytes; at += Page)
                        memory[at] = (byte)sum++;
                    break;
                case BurdenKind.Disk:
                    WriteFile();
                    break;
            }
        }
    }

    private static void WriteFile()
    {
        using var file = new FileStream(
            Path.GetTempFileName(), FileMode.Create, FileAccess.Write, FileShare.None, Page, FileOptions.DeleteOnClose);
        var block = new byte[1024 * 1024];
        for (var written = 0; written < FileBytes; written += block.Length)
            file.Write(block);
        file.Flush(flushToDisk: true);
    }
}

/// <summary>What is kept busy.</summary>
internal enum BurdenKind
{
    /// <summary>One core.</summary>
    Processor,

    /// <summary>256 MiB, written all over again and again.</summary>
    Memory,

    /// <summary>Files of 64 MiB, written and flushed.</summary>
    Disk,
}
