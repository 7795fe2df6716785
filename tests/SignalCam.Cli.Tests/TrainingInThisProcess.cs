namespace SignalCam.Cli.Tests;

/// <summary>
/// Tests that train in this process run one after another: torch's number of threads is the process's, and sums of another number of
/// threads have other bits.
/// </summary>
[CollectionDefinition(Name)]
public sealed class TrainingInThisProcess
{
    public const string Name = "training in this process";
}
