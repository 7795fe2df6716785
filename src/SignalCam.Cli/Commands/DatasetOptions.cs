using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Folders;
using SignalCam.Torch;

namespace SignalCam.Cli.Commands;

/// <summary>
/// Which recordings a command works on: any registered dataset by name and options (`--dataset`, `--dataset-options`), and short ways for
/// PTB-XL and for a folder of one's own (`--data`, `--labels`, `--map` and the rest).
/// </summary>
internal sealed class DatasetOptions
{
    private static readonly JsonDocumentOptions s_noDoubles = new() { AllowDuplicateProperties = false };
    private static readonly string[] s_ptbXlTables = ["ptbxl_database.csv", "scp_statements.csv"];
    private static readonly string[] s_roles = ["recording", "file", "patient", "fold", "age", "sex", "codes"];

    private readonly Option<string?> _data = new("--data")
    {
        Description = "A folder in PTB-XL's layout (ptbxl_database.csv, scp_statements.csv, records100/), or any folder of recordings",
        HelpName = "DIR",
    };

    private readonly Option<string?> _dataset = new("--dataset")
    {
        Description = "The dataset's name [ptb-xl for a folder with its tables, else folder]",
        HelpName = "NAME",
    };

    private readonly Option<string?> _options = new("--dataset-options")
    {
        Description = "JSON with the dataset's options, such as { \"samplingRate\": 500 }",
        HelpName = "FILE",
    };

    private readonly Option<string?> _labels = new("--labels")
    {
        Description = "Of a folder: CSV with a row a recording, and its codes or a 0/1 column for each class [#Dx of WFDB headers]",
        HelpName = "FILE",
    };

    private readonly Option<string?> _map = new("--map")
    {
        Description = "Of a folder: CSV with the columns code and class, or snomed-ct, challenge-2021, none [headers: snomed-ct, "
            + "table: none]",
        HelpName = "FILE",
    };

    private readonly Option<string?> _columns = new("--label-columns")
    {
        Description = "Of a folder: which column of --labels is what, such as recording=ecg,patient=pid; there are "
            + $"{string.Join(", ", s_roles)}",
        HelpName = "LIST",
    };

    private readonly Option<string?> _classes = new("--class-columns")
    {
        Description = "Of a folder: the 0/1 columns of --labels that are classes [all that hold 0 and 1]",
        HelpName = "NAMES",
    };

    private readonly Option<string?> _folds = new("--folds-file")
    {
        Description = "Of a folder: CSV with the columns recording and fold, such as the folds.csv of a run [those of the table, or drawn]",
        HelpName = "FILE",
    };

    private readonly Option<string?> _cache = new("--cache")
    {
        Description = "A file to keep the recordings in, which the next command reads faster than their files",
        HelpName = "FILE",
    };

    public DatasetOptions(IServiceProvider services) =>
        _dataset.AcceptOnlyFromAmong([.. services.GetRequiredService<SignalCamComponents>().Datasets.Names]);

    private Option<string?>[] OfFolder => [_labels, _map, _columns, _classes, _folds];

    public void AddTo(Command command)
    {
        foreach (var option in (Option<string?>[])[_data, _dataset, _options, .. OfFolder, _cache])
            command.Add(option);
    }

    /// <summary>Whether any of the options is given.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_data) is not null || parsed.GetValue(_dataset) is not null;

    /// <inheritdoc cref="IsGiven(ParseResult)"/>
    public bool IsGiven(System.CommandLine.Parsing.SymbolResult parsed) => parsed.GetValue(_data) is not null
        || parsed.GetValue(_dataset) is not null;

    /// <summary>What the command line calls the dataset, for titles.</summary>
    public string NameOf(ParseResult parsed) => parsed.GetValue(_data) ?? parsed.GetRequiredValue(_dataset)!;

    /// <summary>The dataset with its options.</summary>
    /// <exception cref="UsageException">Nothing says which, or an option does not go with it.</exception>
    /// <exception cref="OptionFileException">The file of --dataset-options cannot be read.</exception>
    public ComponentSpec Of(ParseResult parsed)
    {
        if (!IsGiven(parsed))
            throw new UsageException($"Option '{_data.Name}' is required.");
        var name = parsed.GetValue(_dataset) ?? UsualName(parsed);
        var given = OfFolder.FirstOrDefault(option => parsed.GetValue(option) is not null);
        if (given is not null && !name.Equals(BuiltInDatasets.Folder, StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"{given.Name}: dataset {name} has no such option; it is one of dataset {BuiltInDatasets.Folder}");
        var options = parsed.GetValue(_options) is { } file
            ? OptionFile.Read(_options.Name, file, "a JSON object of dataset options", json =>
                JsonNode.Parse(json, null, s_noDoubles) as JsonObject)
            : [];
        Set("folder", FullPath(parsed.GetValue(_data)));
        Set("labels", FullPath(parsed.GetValue(_labels)));
        Set("folds", FullPath(parsed.GetValue(_folds)));
        Set("cache", FullPath(parsed.GetValue(_cache)));
        Set("map", parsed.GetValue(_map) is { } map ? CodeMap.IsName(map) ? map : FullPath(map) : null);
        foreach (var (role, column) in Roles(parsed.GetValue(_columns)))
            Columns()[role] = column;
        if (parsed.GetValue(_classes) is { } classes)
            Columns()["classes"] = new JsonArray([.. Names(classes).Select(column => JsonValue.Create(column))]);
        return new ComponentSpec(name, options.Count > 0 ? options : null);

        void Set(string option, string? value)
        {
            if (value is not null)
                options[option] = value;
        }

        JsonObject Columns()
        {
            if (options["columns"] is JsonObject there)
                return there;
            var columns = new JsonObject();
            options["columns"] = columns;
            return columns;
        }
    }

    /// <summary>Prints what a person should know of a dataset.</summary>
    public static void PrintRemarks(Spectre.Console.IAnsiConsole terminal, IEcgDataset dataset)
    {
        foreach (var remark in dataset is IDescribedDataset described ? described.Remarks : [])
            terminal.Line($"[yellow]note: {remark}[/]");
    }

    public static string[] Names(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>PTB-XL for a folder with one of its tables, and for one that is not there, whose absence it tells; else a folder of one's
    /// own.</summary>
    private string UsualName(ParseResult parsed)
    {
        if (OfFolder.Any(option => parsed.GetValue(option) is not null))
            return BuiltInDatasets.Folder;
        var folder = parsed.GetValue(_data)!;
        return !Directory.Exists(folder) || s_ptbXlTables.Any(table => File.Exists(Path.Combine(folder, table))) ? BuiltInDatasets.PtbXl
            : BuiltInDatasets.Folder;
    }

    private IEnumerable<(string Role, string Column)> Roles(string? text)
    {
        foreach (var part in Names(text ?? ""))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == part.Length - 1 || !s_roles.Contains(part[..equals], StringComparer.OrdinalIgnoreCase))
                throw new UsageException(
                    $"{_columns.Name}: found '{part}', expected NAME=COLUMN with {string.Join(", ", s_roles)} for NAME");
            yield return (part[..equals].ToLowerInvariant(), part[(equals + 1)..]);
        }
    }

    private static string? FullPath(string? path) => path is null ? null : Path.GetFullPath(path);
}
