using System.CommandLine;
using SignalCam.Core.Metrics;

namespace SignalCam.Cli.Commands;

/// <summary>Additional reports on decisions in an evaluation.</summary>
/// <param name="Sensitivity">The sensitivity to find a threshold for; null for none.</param>
/// <param name="Prevalence">The prevalence to state predictive values for; null for none.</param>
/// <param name="Challenge">The weights of the Challenge's score; null for the published ones.</param>
internal sealed record OperatingPointChoice(double? Sensitivity, double? Prevalence, ChallengeScore? Challenge);

/// <summary>`--sensitivity`, `--prevalence` and `--challenge-weights`.</summary>
internal sealed class OperatingPointOptions
{
    private readonly Option<double?> _sensitivity = new("--sensitivity")
    {
        Description = "Report the threshold of each class with at least this sensitivity (0 to 1) on these recordings, and its specificity",
        HelpName = "SHARE",
    };

    private readonly Option<double?> _prevalence = new("--prevalence")
    {
        Description = "Report predictive values for a population with this prevalence (0 to 1) of each class",
        HelpName = "SHARE",
    };

    private readonly Option<string?> _weights = new("--challenge-weights")
    {
        Description = "CSV with weights for the PhysioNet Challenge score, which is reported if its diagnoses are among the classes [the "
            + "weights of 2021]",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Add(_sensitivity);
        command.Add(_prevalence);
        command.Add(_weights);
    }

    /// <exception cref="UsageException">A share is out of range.</exception>
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
