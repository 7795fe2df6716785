using System.Text.Json;
using System.Text.Json.Serialization;
using SignalCam.Abstractions;
using Spectre.Console;

namespace SignalCam.Cli;

/// <summary>
/// Where a command writes: figures as JSON to a file or standard output, tables and progress to the terminal. When JSON goes to
/// standard output, everything else goes to standard error, so that the JSON can be piped.
/// </summary>
/// <remarks>Text in it comes from files and options: whatever a terminal would obey is written out.</remarks>
internal sealed class CommandOutput(
    TextWriter standardOut, TextWriter standardError, bool isOutRedirected = true, bool isErrorRedirected = true)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        Converters = { new EcgAnswerJsonConverter(), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
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

    /// <summary>Makes sure that the files that a command is to write can be, before the work; null and "-" are none.</summary>
    /// <exception cref="IOException">Something that is no regular file is there, or its folder cannot be made.</exception>
    public static void Prepare(params IEnumerable<string?> paths)
    {
        foreach (var path in paths)
            if (path is not (null or "-"))
                OutputFile.Prepare(path);
    }

    /// <summary>Writes figures where `--json` asks for them; nothing when it was not given.</summary>
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
    /// <exception cref="IOException">It cannot be written, or a FIFO or a device is there; for standard output there is "-".</exception>
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
