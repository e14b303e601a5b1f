using System.Collections.Immutable;
using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;

namespace Mainstay.Agent.Tests.Shell;

/// <summary>A journal in memory.</summary>
internal sealed class FactList : IFactJournal
{
    private ImmutableList<Fact> facts = [];

    public ImmutableList<Fact> All => Volatile.Read(ref facts);

    public void Add(Fact fact, Instant at) => ImmutableInterlocked.Update(ref facts, list => list.Add(fact));

    public void Note(ShellNote note)
    {
    }
}
