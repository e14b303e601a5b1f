using Mainstay.Core.Model;

namespace Mainstay.Core.Ordering;

/// <summary>A group's place among the others when several are started.</summary>
/// <param name="After">The groups that go first, ordered by name.</param>
/// <param name="Application">The application it is part of; null when it stands alone.</param>
/// <param name="StartsAtOnceIn">In this epoch it waits for no other group: a person said so. Null when nobody did.</param>
public sealed record GroupOrder(ValueList<StartDependency> After, string? Application, Epoch? StartsAtOnceIn)
{
    public const int MostDependencies = 16;

    public static readonly GroupOrder None = new([], null, null);

    /// <summary>The same with this dependency, in the place of an earlier one on the same group.</summary>
    public GroupOrder With(StartDependency dependency) => this with
    {
        After = After.Where(edge => edge.On != dependency.On).Append(dependency).OrderBy(edge => edge.On).ToValueList(),
    };

    public GroupOrder Without(GroupId on) => this with { After = After.Where(edge => edge.On != on).ToValueList() };
}
