using System.CommandLine;
using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Cli.Commands;

/// <summary>The recordings that a command reads, and how: files of any format, folders, globs.</summary>
internal sealed class RecordingOptions
{
    public Argument<string[]> Files { get; } = new("FILE")
    {
        Description = "Recordings of any format, WFDB record names, folders, or globs in quotes",
        Arity = ArgumentArity.OneOrMore,
    };

    private Option<double?> Rate { get; } = new("--rate")
    {
        Description = "Samples per second, for files that do not state it",
        HelpName = "HZ",
    };

    private Option<string?> Leads { get; } = new("--leads")
    {
        Description = "Names of the leads in the order of the file's channels, for files that do not state them: I,II,V1",
        HelpName = "LIST",
    };

    private Option<string?> Unit { get; } = new("--unit")
    {
        Description = "mV, uV, nV, V or a number of millivolt per unit, for files that do not state it",
        HelpName = "UNIT",
    };

    private Option<bool> Lenient { get; } = new("--lenient")
    {
        Description = "A checksum or initial value that does not match is a warning, not an error",
    };

    private Option<double> BridgeGaps { get; } = new("--bridge-gaps")
    {
        Description = "Bridge gaps of at most this many seconds by a straight line",
        HelpName = "SECONDS",
    };

    private Option<int> Index { get; } = new("--index")
    {
        Description = "Which recording of a file that holds several, from 0",
        HelpName = "N",
    };

    private Option<bool> Patient { get; } = new("--patient")
    {
        Description = "Show fields that may identify the patient",
    };

    public void AddTo(Command command, bool withPatient)
    {
        command.Add(Files);
        Option[] options = [Rate, Leads, Unit, Lenient, BridgeGaps, Index];
        foreach (var option in options)
            command.Add(option);
        if (withPatient)
            command.Add(Patient);
    }

    public EcgReadOptions Of(ParseResult parsed)
    {
        var options = new EcgReadOptions
        {
            SamplingRate = parsed.GetValue(Rate),
            Leads = parsed.GetValue(Leads)?.Split(',', StringSplitOptions.TrimEntries),
            Unit = parsed.GetValue(Unit),
            Lenient = parsed.GetValue(Lenient),
            BridgeGaps = parsed.GetValue(BridgeGaps),
            Index = parsed.GetValue(Index),
            IncludePatient = parsed.GetValue(Patient),
        };
        Require(options.SamplingRate is null or (> 0 and < double.PositiveInfinity), Rate, "a positive number of samples per second");
        Require(options.BridgeGaps is >= 0 and < double.PositiveInfinity, BridgeGaps, "a number of seconds, 0 or more");
        Require(options.Index >= 0, Index, "0 or more");
        Require(options.Leads is null || !options.Leads.Contains(""), Leads, "names between commas");
        Require(IsUnit(options.Unit), Unit, "mV, uV, nV, V or a number of millivolt per unit");
        return options;
    }

    private static bool IsUnit(string? unit) => unit is null || Core.Signals.VoltageUnits.TryGetMillivolt(unit, out _)
        || (double.TryParse(unit, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) && double.IsFinite(factor)
            && factor != 0);

    private static void Require(bool condition, Option option, string expected)
    {
        if (!condition)
            throw new UsageException($"{option.Name}: expected {expected}");
    }
}
