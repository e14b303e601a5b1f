using Mainstay.Core.Model;

namespace Mainstay.Core.Placement.Packing;

/// <summary>A host with the room it has for groups.</summary>
/// <param name="Name">For explanations; hosts are ordered by it, and ties go to the first.</param>
/// <param name="Capacity">Per dimension, in the dimension's own unit: what it has. Scores are shares of it.</param>
/// <param name="Room">Per dimension: what the groups of the world may take there. What others use is already taken off.</param>
/// <param name="Domains">Per kind of failure domain (rack, power feed), the number of the host's domain; -1 when it is in none.</param>
/// <param name="Burden">Points off the score of every group, such as percent of processor load.</param>
/// <param name="Accepts">False: what is there stays there, and nothing is added.</param>
internal sealed record PackingHost(
    string Name, ValueList<long> Capacity, ValueList<long> Room, ValueList<int> Domains, int Burden = 0, bool Accepts = true);
