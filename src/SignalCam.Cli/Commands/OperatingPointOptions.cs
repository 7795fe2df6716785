using System.CommandLine;
using SignalCam.Core.Metrics;

namespace SignalCam.Cli.Commands;

/// <summary>What else an evaluation is to say of decisions.</summary>
/// <param name="Sensitivity">The sensitivity to find a threshold for; null for none.</param>
/// <param name="Prevalence">The prevalence to state predictive values for; null for none.</param>
/// <param name="Challenge">The weights of the Challenge's score; null for the published ones.</param>
internal sealed record OperatingPointChoice(double? Sensitivity, double? Prevalence, ChallengeScore? Challenge);

/// <summary>`--sensitivity`, `--prevalence` and `--challenge-weights`.</summary>
internal sealed class OperatingPointOptions
{
    private readonly Option<double?> _sensitivity = new("--sensitivity")
    {
        Description = "Say which threshold of each class has at least this sensitivity, 0 to 1, on these recordings, and what it costs",
        HelpName = "SHARE",
    };

    private readonly Option<double?> _prevalence = new("--prevalence")
    {
        Description = "State predictive values for a population in which each class is as common as this, 0 to 1",
        HelpName = "SHARE",
    };

    private readonly Option<string?> _weights = new("--challenge-weights")
    {
        Description = "Weights of the PhysioNet Challenge's score, as CSV [those of 2021]; the score is given where its diagnoses are "
            + "among the classes",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Add(_sensitivity);
        command.Add(_prevalence);
        command.Add(_weights);
    }

    /// <exception cref="UsageException">A share is none.</exception>
    /// <exception cref="Abstractions.EcgFormatException">The weights cannot be read.</exception>
    public OperatingPointChoice Of(ParseResult parsed)
    {
        var (sensitivity, prevalence) = (parsed.GetValue(_sensitivity), parsed.GetValue(_prevalence));
        if (sensitivity is not (null or (> 0 and <= 1)))
            throw new UsageException(
                FormattableString.Invariant($"{_sensitivity.Name}: found {sensitivity}, expected a share above 0, up to 1"));
        if (prevalence is not (null or (> 0 and < 1)))
            throw new UsageException(
                FormattableString.Invariant($"{_prevalence.Name}: found {prevalence}, expected a share above 0 and below 1"));
        return new OperatingPointChoice(sensitivity, prevalence, parsed.GetValue(_weights) is { } file ? ChallengeScore.Read(file) : null);
    }
}
