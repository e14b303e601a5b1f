using System.Security.Cryptography;
using System.Text;
using Mainstay.Core.Facts;
using Mainstay.Core.Model;

namespace Mainstay.Simulator;

/// <summary>The facts of a run since its start, and a hash over them (S8).</summary>
internal sealed class Trace : IDisposable
{
    private readonly List<TimedFact> facts = [];
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public IReadOnlyList<TimedFact> Facts => facts;

    /// <summary>Told each fact as it happens.</summary>
    public Action<TimedFact>? Listener { get; set; }

    public string Hash => Convert.ToHexStringLower(hash.GetCurrentHash());

    public void Add(TimeSpan at, HostId by, Fact fact)
    {
        var timed = new TimedFact(at, by, FactText.Render(fact));
        facts.Add(timed);
        hash.AppendData(Encoding.UTF8.GetBytes(timed.ToString()));
        hash.AppendData("\n"u8);
        Listener?.Invoke(timed);
    }

    public void Dispose() => hash.Dispose();
}
