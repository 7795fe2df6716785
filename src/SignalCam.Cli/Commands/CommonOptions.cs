using System.CommandLine;

namespace SignalCam.Cli.Commands;

/// <summary>Options that several commands share, each with one name and one meaning.</summary>
internal static class CommonOptions
{
    /// <summary>For commands that work on PTB-XL alone; others take <see cref="DatasetOptions"/>.</summary>
    public static Option<string?> PtbXlFolder() => new("--data")
    {
        Description = "Folder in PTB-XL's layout: ptbxl_database.csv, scp_statements.csv, records100/",
        HelpName = "DIR",
    };

    /// <summary>For commands that make a new model file of one; others take <see cref="ModelOption"/>.</summary>
    public static Option<string> ModelFile() => new("--model")
    {
        Description = "Model file",
        HelpName = "FILE",
        Required = true,
    };

    public static Option<string?> Json() => new("--json")
    {
        Description = "Write the results as JSON to this file; - for standard output",
        HelpName = "FILE",
    };

    public static Option<string> Device() => new("--device")
    {
        Description = "Device: auto, cpu, cuda or cuda:N",
        DefaultValueFactory = _ => "auto",
        HelpName = "DEVICE",
    };

    public static Option<bool> SkipBad() => new("--skip-bad")
    {
        Description = "Skip and count missing or corrupt recordings instead of stopping at the first",
    };

    public static Option<string?> Figures() => new("--figures")
    {
        Description = "Write each figure of the report as a separate file into this folder, in the format of --format",
        HelpName = "DIR",
    };

    public static Option<string?> Report() => new("--report")
    {
        Description = "Write a self-contained HTML report to this file",
        HelpName = "FILE",
    };
}
