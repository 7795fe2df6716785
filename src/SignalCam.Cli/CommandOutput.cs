using System.Text.Json;
using System.Text.Json.Serialization;
using SignalCam.Abstractions;
using Spectre.Console;

namespace SignalCam.Cli;

/// <summary>
/// Where a command writes: figures as JSON to a file or standard output, tables and progress to the terminal. When JSON goes to
/// standard output, everything else goes to standard error, so that the JSON can be piped.
/// </summary>
/// <remarks>Its text comes from files and options, so control characters are escaped.</remarks>
internal sealed class CommandOutput(
    TextWriter standardOut, TextWriter standardError, bool isOutRedirected = true, bool isErrorRedirected = true)
{
    private static readonly JsonSerializerOptions Json = new(JsonForms.SnakeCase(
        readers: null, new EcgAnswerJsonConverter(), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower)))
    {
        WriteIndented = true,
    };

    public static CommandOutput ForConsole() => new(Console.Out, Console.Error, Console.IsOutputRedirected, Console.IsErrorRedirected);

    public TextWriter Out { get; } = new VisibleWriter(standardOut);

    public TextWriter Error { get; } = new VisibleWriter(standardError);

    /// <summary>Tables, lines and progress for people.</summary>
    public IAnsiConsole Terminal(string? json)
    {
        var (writer, redirected) = json == "-" ? (standardError, isErrorRedirected) : (standardOut, isOutRedirected);
        return AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
            Out = new WriterOutput(writer, redirected),
        });
    }

    /// <summary>Ensures, before the work, that the output files of a command can be written; null and "-" are not files.</summary>
    /// <exception cref="IOException">Something other than a regular file exists there, or the folder cannot be created.</exception>
    public static void Prepare(params IEnumerable<string?> paths)
    {
        foreach (var path in paths)
            if (path is not (null or "-"))
                OutputFile.Prepare(path);
    }

    /// <summary>Writes figures to the target of `--json`; nothing without the option.</summary>
    public void Write<T>(string? json, T figures)
    {
        if (json is null)
            return;
        var text = ToJson(figures);
        if (json == "-")
            Out.WriteLine(text);
        else
            WriteFile(json, text);
    }

    public static string ToJson<T>(T figures) => JsonSerializer.Serialize(figures, Json);

    /// <summary>Writes a text file, making its folder.</summary>
    /// <exception cref="IOException">It cannot be written, or the path is a FIFO or a device (use "-" for standard output).</exception>
    public static void WriteFile(string path, string text)
    {
        OutputFile.Prepare(path);
        File.WriteAllText(path, text);
    }

    private sealed class WriterOutput(TextWriter writer, bool redirected) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => !redirected;

        public int Width => redirected ? 160 : Math.Max(40, Console.WindowWidth);

        public int Height => redirected ? 40 : Console.WindowHeight;

        public void SetEncoding(System.Text.Encoding encoding)
        {
        }
    }
}
