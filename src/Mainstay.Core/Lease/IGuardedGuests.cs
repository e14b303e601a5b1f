namespace Mainstay.Core.Lease;

/// <summary>The guests of a host that its lease guards, as its beacon can lay hands on them: processes, without libvirt.</summary>
public interface IGuardedGuests
{
    /// <summary>
    /// True while the process of such a guest is there or may still come (its start was let pass and its process not seen yet), or when
    /// that cannot be told.
    /// </summary>
    bool AnyLeft();

    /// <summary>Stops them from executing. Called again and again while it lasts.</summary>
    /// <param name="all">Also those that are to shut down in order; else they go on.</param>
    void Pause(bool all);

    /// <summary>Lets go on what was paused, also by an earlier life of the beacon.</summary>
    void Continue();

    /// <summary>Takes their start tokens and kills them; does not wait. Called again and again, also when none is left.</summary>
    void Kill();
}
