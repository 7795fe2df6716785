using System.CommandLine;

namespace SignalCam.Cli.Commands;

/// <summary>Options that several commands share, each with one name and one meaning.</summary>
internal static class CommonOptions
{
    public static Option<string> Data(bool required = true) => new("--data")
    {
        Description = "A folder in PTB-XL's layout: ptbxl_database.csv, scp_statements.csv, records100/",
        HelpName = "DIR",
        Required = required,
    };

    /// <summary>For commands that make a new model file of one; others take <see cref="ModelOption"/>.</summary>
    public static Option<string> ModelFile() => new("--model")
    {
        Description = "A model file",
        HelpName = "FILE",
        Required = true,
    };

    public static Option<string?> Json() => new("--json")
    {
        Description = "Write the figures as JSON to this file; - for standard output",
        HelpName = "FILE",
    };

    public static Option<string> Device() => new("--device")
    {
        Description = "auto, cpu, cuda or cuda:N",
        DefaultValueFactory = _ => "auto",
    };

    public static Option<bool> SkipBad() => new("--skip-bad")
    {
        Description = "Leave out missing or corrupt recordings and count them, instead of stopping at the first",
    };

    public static Argument<string[]> Records(bool required)
    {
        var records = new Argument<string[]>("RECORD")
        {
            Description = "Recordings of any format that is read; WFDB with or without .hea",
            Arity = required ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore,
        };
        records.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                result.AddError("RECORD: found an empty name, expected that of a recording");
        });
        return records;
    }

    public static Option<string?> Figures() => new("--figures")
    {
        Description = "Write each figure of the report as a file of its own into this folder, in the form of --format",
        HelpName = "DIR",
    };

    public static Option<string?> Report() => new("--report")
    {
        Description = "Write a self-contained HTML report to this file",
        HelpName = "FILE",
    };
}
