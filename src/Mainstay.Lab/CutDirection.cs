namespace Mainstay.Lab;

/// <summary>Which frames of a host are lost: those it sends, those it should receive, or both.</summary>
public enum CutDirection
{
    Both,
    Out,
    In,
}
