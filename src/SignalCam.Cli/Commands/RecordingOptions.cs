using System.CommandLine;
using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Cli.Recordings;
using SignalCam.Formats;

namespace SignalCam.Cli.Commands;

/// <summary>The recordings that a command reads, and how: files of any format, folders, globs.</summary>
internal sealed class RecordingOptions
{
    private const string StandardInput = "-";

    private readonly bool _canBeNone;

    /// <param name="canBeNone">Whether the command has recordings of a dataset to take instead.</param>
    public RecordingOptions(bool canBeNone = false)
    {
        _canBeNone = canBeNone;
        Files = new Argument<string[]>("RECORD")
        {
            Description = "Recordings in any format: files, WFDB record names, folders, or quoted globs (*, ?, **)",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Files.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                result.AddError("RECORD: found an empty name, expected that of a recording");
        });
    }

    private Argument<string[]> Files { get; }

    private Option<string?> List { get; } = new("--list")
    {
        Description = "Text file with a recording, folder or glob on each line; - for standard input",
        HelpName = "FILE",
    };

    private Option<double?> Rate { get; } = new("--rate")
    {
        Description = "Samples per second, for files that do not state the rate",
        HelpName = "HZ",
    };

    private Option<string?> Leads { get; } = new("--leads")
    {
        Description = "Lead names in the order of the channels, such as I,II,V1, for files that do not state them",
        HelpName = "LIST",
    };

    private Option<string?> Unit { get; } = new("--unit")
    {
        Description = "mV, uV, nV, V or a number of millivolts per unit, for files that do not state the unit",
        HelpName = "UNIT",
    };

    private Option<bool> Lenient { get; } = new("--lenient")
    {
        Description = "Warn about a wrong checksum or initial value instead of failing",
    };

    private Option<double> BridgeGaps { get; } = new("--bridge-gaps")
    {
        Description = "Bridge gaps of up to this many seconds with a straight line",
        HelpName = "SECONDS",
    };

    private Option<int> Index { get; } = new("--index")
    {
        Description = "Index of the recording in a file with several, from 0",
        HelpName = "N",
    };

    private Option<bool> Patient { get; } = new("--patient")
    {
        Description = "Show fields that may identify the patient",
    };

    public void AddTo(Command command, bool withPatient)
    {
        command.Add(Files);
        Option[] options = [List, Rate, Leads, Unit, Lenient, BridgeGaps, Index];
        foreach (var option in options)
            command.Add(option);
        if (withPatient)
            command.Add(Patient);
        if (_canBeNone)
            return;
        command.Validators.Add(result =>
        {
            if (!HasAny(result))
                result.AddError($"Required argument missing: {Files.Name} (a file, a folder or a glob), or {List.Name}");
        });
    }

    /// <summary>Whether the command line names recordings.</summary>
    public bool HasAny(System.CommandLine.Parsing.SymbolResult result) =>
        result.GetResult(List) is not null || result.GetResult(Files) is { Tokens.Count: > 0 };

    /// <summary>The files that the command line names.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="reader">Tells which files of a folder are recordings.</param>
    /// <param name="without">An argument that is not a recording; null for none.</param>
    /// <exception cref="UsageException">The list cannot be read, or is empty.</exception>
    public RecordingFiles FilesOf(ParseResult parsed, EcgFileReader reader, string? without = null) => new(
        reader,
        [.. (parsed.GetValue(Files) ?? []).Where(file => file != without), .. parsed.GetValue(List) is { } list ? Lines(list) : []],
        parsed.GetValue(Leads) is not null);

    /// <summary>The reading options.</summary>
    /// <exception cref="UsageException">A value is not allowed.</exception>
    public EcgReadOptions ReadingOf(ParseResult parsed)
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

    private string[] Lines(string list)
    {
        string[] lines;
        try
        {
            lines = list == StandardInput ? [.. Console.In.ReadToEnd().Split('\n')] : File.ReadAllLines(list);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{List.Name}: {e.Message}");
        }
        lines = [.. lines.Select(line => line.Trim()).Where(line => line.Length > 0)];
        return lines.Length > 0 ? lines : throw new UsageException($"{List.Name}: {list} names no recording");
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
