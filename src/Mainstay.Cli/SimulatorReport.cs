namespace Mainstay.Cli;

/// <summary>How fast the simulator is, as <c>simulate bench --json</c> prints it.</summary>
internal sealed record SimulatorReport
{
    public string Bench { get; init; } = "simulator";

    public required int Cores { get; init; }

    public required double Load1 { get; init; }

    /// <summary>A cluster that nothing happens to.</summary>
    public required SimulatorFigure Steady { get; init; }

    /// <summary>A fault every few seconds.</summary>
    public required SimulatorFigure Faults { get; init; }
}

/// <summary>One measurement of the simulator.</summary>
internal sealed record SimulatorFigure
{
    public required double VirtualSeconds { get; init; }

    public required double Seconds { get; init; }

    public required double VirtualSecondsPerSecond { get; init; }

    /// <summary>No rule was broken and no expectation missed.</summary>
    public required bool Passed { get; init; }
}
