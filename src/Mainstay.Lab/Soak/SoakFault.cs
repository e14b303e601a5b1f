using System.Globalization;
using Mainstay.Core.Model;

namespace Mainstay.Lab.Soak;

/// <summary>One fault as it was planned.</summary>
/// <param name="Hold">How long it lasts; those that end a host's life last until its guests run elsewhere.</param>
/// <param name="Direction">Which frames a one-way cut loses.</param>
internal sealed record SoakFault(SoakKind Kind, string Host, TimeSpan Hold, CutDirection Direction)
{
    /// <summary>The host's guests must run elsewhere while the fault lasts (L1).</summary>
    public bool EndsTheHost => Kind is SoakKind.Kill or SoakKind.Hang or SoakKind.Isolate or SoakKind.DieWithBmc
        or SoakKind.IsolateWithBmc;

    /// <summary>Its BMC is gone with it: nothing but a lease can prove its death.</summary>
    public bool TakesTheBmc => Kind is SoakKind.DieWithBmc or SoakKind.IsolateWithBmc;

    /// <summary>Nobody may be fenced and nothing may be moved because of it (S9).</summary>
    public bool IsHarmless => Kind is SoakKind.CutManagement or SoakKind.CutStorage or SoakKind.PauseAgent or SoakKind.PauseLibvirtd
        or SoakKind.KillAgent or SoakKind.KillBeacon or SoakKind.KillLibvirtd or SoakKind.KillStore or SoakKind.PauseStore
        or SoakKind.BmcDead or SoakKind.Switch or SoakKind.CrashGuest;

    /// <summary>The seed decides kind, time and direction; of the hosts that are eligible it picks one.</summary>
    public static SoakFault Plan(SeededRandom random, IReadOnlyList<string> hosts, IReadOnlyList<string> withGuests)
    {
        var kind = Enum.GetValues<SoakKind>()[random.Next(Enum.GetValues<SoakKind>().Length)];
        var eligible = withGuests.Count == 0 ? hosts : withGuests;
        var longest = kind switch
        {
            SoakKind.Blink => 1.2,
            // A lease that is six seconds old ends the guests; a busy machine heals late.
            SoakKind.Switch => 3.5,
            SoakKind.PauseBeacon => 4,
            SoakKind.PauseAgent => 12,
            _ => 8,
        };
        var host = eligible[random.Next(eligible.Count)];
        var hold = TimeSpan.FromSeconds(0.1 + (random.NextDouble() * longest));
        return new SoakFault(kind, host, hold, random.Next(2) == 0 ? CutDirection.In : CutDirection.Out);
    }

    public override string ToString()
    {
        var what = Kind == SoakKind.OneWay ? $"{Kind} ({Direction})" : Kind.ToString();
        return EndsTheHost && !TakesTheBmc ? $"{what} {Host}"
            : string.Create(CultureInfo.InvariantCulture, $"{what} {Host} {Hold.TotalSeconds:0.0} s");
    }
}
