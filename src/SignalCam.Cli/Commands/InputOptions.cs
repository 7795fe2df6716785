using System.CommandLine;
using SignalCam.Sdk.Training;

namespace SignalCam.Cli.Commands;

/// <summary>The layout to which recordings are converted for training: `--rate`, `--leads`, `--seconds` and `--length`.</summary>
internal sealed class InputOptions
{
    private const string Usual = "those of --from; otherwise, for a folder, the twelve standard leads";

    private readonly Option<double?> _rate = new("--rate")
    {
        Description = "Convert recordings to this sampling rate [that of --from; otherwise, for a folder, 100]",
        HelpName = "HZ",
    };

    private readonly Option<string?> _leads = new("--leads")
    {
        Description = $"Leads to train on, such as I,II,V2 [{Usual}]",
        HelpName = "LIST",
    };

    private readonly Option<double?> _seconds = new("--seconds")
    {
        Description = "Length to train on [that of --from; otherwise, for a folder, 10]",
        HelpName = "SECONDS",
    };

    private readonly LengthPolicyOption _length = new("--seconds");

    public void AddTo(Command command)
    {
        command.Add(_rate);
        command.Add(_leads);
        command.Add(_seconds);
        _length.AddTo(command);
    }

    /// <summary>The requested layout; null for none.</summary>
    public TrainingInput? Of(ParseResult parsed)
    {
        var (rate, leads, seconds) = (parsed.GetValue(_rate), parsed.GetValue(_leads), parsed.GetValue(_seconds));
        if ((rate ?? seconds) is null && leads is null && !_length.IsGiven(parsed))
            return null;
        return new TrainingInput { SamplingRate = rate, Leads = leads is null ? null : DatasetOptions.Names(leads), Seconds = seconds,
            Length = _length.Of(parsed) };
    }
}
