namespace Mainstay.Lab;

/// <summary>The lab's two networks.</summary>
public enum LabNet
{
    Management,
    Storage,
}
