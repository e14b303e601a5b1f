using Mainstay.Core.Model;

namespace Mainstay.Core.Groups;

/// <summary>One adoption under way on this host.</summary>
/// <param name="until">When the other hosts must have answered.</param>
internal sealed class AdoptionCase(OperationId operation, AdminRequest.Protect request, Instant until)
{
    private const int Tries = 5;

    public OperationId Operation { get; } = operation;

    public AdminRequest.Protect Request { get; } = request;

    public Instant Until { get; } = until;

    /// <summary>Revision of the question to the other hosts, while they are asked.</summary>
    public long? Asked { get; set; }

    /// <summary>All other hosts have said that they run no copy.</summary>
    public bool AllClear { get; set; }

    public int TriesLeft { get; set; } = Tries;

    /// <summary>The same request, from the beginning: who joined meanwhile is asked as well.</summary>
    public AdoptionCase Anew() => new(Operation, Request, Until) { TriesLeft = TriesLeft };
}
