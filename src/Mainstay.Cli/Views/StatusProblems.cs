using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Views;

/// <summary>Reads from a status what needs a person. What the agent warns of comes first; what it named is not said twice.</summary>
internal static class StatusProblems
{
    public static bool AllIsWell(StatusReply status) =>
        Of(status).Count == 0
        && status.Guests.All(guest => guest.Desired != "running" || guest is { Standing: StandingKind.Protected });

    public static IReadOnlyList<StatusProblem> Of(StatusReply status) =>
    [
        .. status.Warnings.Select(warning => new StatusProblem(warning, null)),
        .. from found in OfCluster(status.Cluster).Concat(status.Hosts.SelectMany(OfHost)).Concat(status.Guests.SelectMany(OfGuest))
               .Concat(status.Rules.SelectMany(OfRule))
           where !status.Warnings.Any(warning => Mentions(warning, found.Subject))
           select found.Problem,
    ];

    private static IEnumerable<(string Subject, StatusProblem Problem)> OfCluster(ClusterStatus cluster)
    {
        if (!cluster.Quorum)
        {
            yield return ("quorum", new(
                $"The store has no quorum: {cluster.QuorumWhy ?? "no reason given"}. Guests run on; nothing can be taken over.",
                "bring back the hosts that are down, or their mainstay-agent"));
        }
        else if (cluster.Leader is null)
        {
            yield return ("leader", new("Nobody leads. This ends by itself within seconds.", "if it lasts: mainstay events --last 50"));
        }

        if (cluster.Capacity == "red")
        {
            yield return ("capacity", new(
                $"Not every guest has a place after a loss: {cluster.CapacityWhy}.", "make room; mainstay capacity names them all"));
        }

        if (!cluster.Armed)
        {
            yield return ("disarmed", new(
                $"Disarmed: {cluster.DisarmReason ?? "no reason given"}. Nothing is restarted by itself.", "mainstay arm"));
        }
    }

    private static IEnumerable<(string Subject, StatusProblem Problem)> OfHost(HostStatus host)
    {
        if (host.State == "fencing")
            yield return (host.Name, new($"{host.Name} is silent and not yet proved dead.", $"mainstay fence test {host.Name}; "
                + $"if it is dead for certain: mainstay confirm-dead {host.Name} --reason …"));
        else if (host.State == "fenced" && host.Proofs.Count > 0 && host.Proofs.All(proof => proof.Class == "writes"))
            yield return (host.Name, new(
                $"{host.Name} is cut off from {string.Join(", ", host.Proofs.Select(proof => proof.Storage).Distinct())} "
                    + "and may still run: nothing proves its death.",
                $"mainstay fence test {host.Name}; if it is dead for certain: mainstay confirm-dead {host.Name} --reason …"));
        else if (host.State == "online" && host.Agent is "silent" or "refused")
            yield return (host.Name, new(
                $"{host.Name} lives, but its agent does not answer.", $"on {host.Name}: systemctl status mainstay-agent"));
        if (host.HypervisorOk == false)
            yield return (host.Name, new(
                $"libvirt of {host.Name} does not answer. Its guests run on.", $"on {host.Name}: systemctl status libvirtd"));
        if (host.Arrival is { } arrival)
        {
            yield return (host.Name, new(
                $"{host.Name}: {arrival}",
                "if that machine is a clone: switch it off, give it a new machine id and remove /etc/mainstay and /var/lib/mainstay "
                    + $"from it; if it takes the place of {host.Name}, which is dead for certain: "
                    + $"mainstay confirm-dead {host.Name} --reason …, then mainstay fence test {host.Name}"));
        }

        if (host.Quarantine is { } why)
        {
            yield return (host.Name, new(
                $"{host.Name} is in quarantine and gets no new guests: {why}", $"when it is mended: mainstay quarantine {host.Name} off"));
        }

        if (!host.Fencing.Ready && host.State != "left")
        {
            yield return (host.Name, new(
                $"{host.Name}: {host.Fencing.Why ?? "no proof of death possible"}",
                host.Fencing.Methods.Count == 0
                    ? $"mainstay fence set {host.Name} --agent AGENT --option ip=…"
                    : $"mainstay fence test {host.Name}"));
        }
    }

    private static IEnumerable<(string Subject, StatusProblem Problem)> OfGuest(GuestStatus guest)
    {
        if (guest.State is "blocked" or "unknown" || (guest.State == "waiting" && guest.Desired == "running"))
        {
            yield return (guest.Name, new(
                $"{guest.Name} is {guest.State}: {guest.Because ?? "no reason given"}",
                guest is { State: "blocked", Because: { } because } && because.Contains("quarantined:", StringComparison.Ordinal)
                    ? $"when it is no danger to its host: mainstay start {guest.Name}"
                    : $"mainstay explain {guest.Name}"));
        }
        else if (guest is { State: "running", Standing: StandingKind.NotProtected, Because: { } unprotected })
        {
            yield return (guest.Name, new($"{guest.Name} runs and is not protected: {unprotected}", "mainstay check"));
        }
    }

    private static IEnumerable<(string Subject, StatusProblem Problem)> OfRule(RuleStatus rule)
    {
        if (rule is { Should: false, Broken: { } broken })
            yield return ($"rule {rule.Name}", new($"Rule {rule.Name} does not hold: {broken}. {rule.Text}.", "mainstay move GUEST"));
    }

    /// <summary>As a word of its own: the host n1 is not meant by n12.</summary>
    private static bool Mentions(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            var end = at + word.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
                return true;
        }

        return false;
    }
}
